"""`hotline web`: the webhooks and pages, served by granian in several processes."""

import os
from collections.abc import Callable
from typing import Any

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=16, show_default=True, help="Requests at once in each process.")
def web(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the webhooks and pages (one of the parts `hotline run` starts)."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    server = Granian(
        "app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.error,  # its warnings are about our choice of threads
    )
    server.serve(target_loader=_load)


def _load(target: str) -> Callable[..., Any]:
    """Runs in each worker: it ends with the process that started it, also when that is killed."""
    from app import create_app
    from terminal.tied import tie

    tie(os.getppid())
    return create_app()
