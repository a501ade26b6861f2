"""Is a port free, and if not, who has it?"""

import errno
import os
import socket
from pathlib import Path

from terminal.refusal import Refusal

ELSEWHERE = "name an address of this machine: --host, and a port that this user may open"


def free(host: str, port: int) -> bool:
    """True if a server could listen there now; connections that are still closing do not matter.

    Where none ever could, on a host that is not this machine or a port that is not for this user, it is
    refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                return False
            why = (isinstance(error, OSError) and error.strerror) or "this is no address"
            raise Refusal(f"cannot listen on {host} port {port}: {why}", ELSEWHERE) from None
    return True


def holder(port: int) -> str | None:
    """Who listens on `port`, as "python3 (process 4711)", where the system tells (Linux, own processes)."""
    inodes = _listening(port)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(os.readlink(handle) in inodes for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue  # not ours to look into, or it has just ended
    return None


def _listening(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            _, local, _, state, *rest = row.split()
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                found.add(f"socket:[{rest[5]}]")
    return found
