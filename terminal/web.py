"""`hotline web`: the webhooks and the seat API, served by granian. Several of them may share one port."""

import os
from collections.abc import Callable
from typing import Any

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=16, show_default=True, help="Requests at once.")
def web(host: str, port: int, threads: int) -> None:
    """Serve the webhooks and pages (one of the parts `hotline run` starts)."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from terminal.refusal import refuse_other_hosts

    refuse_other_hosts()
    server = Granian(
        "app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        address=host,
        port=port,
        workers=1,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.error,  # its warnings are about our choice of threads
    )
    server.serve(target_loader=_load)


def _load(target: str) -> Callable[..., Any]:
    """Runs in each worker: it ends with the process that started it, also when that is killed."""
    from terminal.tied import tie
    from web import create_app

    tie(os.getppid())
    return create_app()
