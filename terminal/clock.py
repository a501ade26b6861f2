"""`hotline clock`: the timed jobs."""

import click


@click.command()
def clock() -> None:
    """Run the timed jobs (one of the parts `hotline run` starts)."""
    from clock.run import main
    from terminal.refusal import refuse_other_hosts, said_plainly

    refuse_other_hosts()
    with said_plainly():
        main()
