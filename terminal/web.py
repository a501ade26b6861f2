"""`hotline web`: the webhooks and the seat API, served by granian.

Under `hotline run` several of them take their requests from one listening socket that the supervisor keeps
open: while none of them lives, requests wait there for the next one.
"""

import os
import socket
from collections.abc import Callable
from typing import Any

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--threads", default=16, show_default=True, help="Requests at once.")
@click.option("--handle", type=int, help="An open listening socket, instead of an address of its own.")
def web(host: str, port: int, threads: int, handle: int | None) -> None:
    """Serve the webhooks and pages (one of the parts `hotline run` starts)."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.net import SocketHolder  # type: ignore[attr-defined]  # there, but not in its stubs

    from terminal.plan import BACKLOG
    from terminal.refusal import refuse_other_hosts

    class Heir(Granian):  # type: ignore[misc, valid-type]  # granian picks its class by platform
        """Listens on the socket that it was handed; granian's own way to hand one on to its workers."""

        def _init_shared_socket(self) -> None:
            self._ssp, self._sfd = None, handle
            self._shd = SocketHolder(handle, False, BACKLOG)  # type: ignore[call-arg]  # as above
            self._sso = socket.socket(fileno=handle)
            self._sso.set_inheritable(True)

    refuse_other_hosts()
    server = (Granian if handle is None else Heir)(
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
