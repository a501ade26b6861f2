"""`hotline clock`: the timed jobs."""

import click


@click.command()
def clock() -> None:
    """Run the timed jobs (one of the parts `hotline run` starts)."""
    from clock.run import main

    main()
