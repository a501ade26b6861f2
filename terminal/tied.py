"""`python -m terminal.tied PARENT MODULE ...` runs a module that ends when its parent does, however it ends.

A supervisor that is killed outright cannot stop what it started; on Linux the kernel does it then, elsewhere
a thread looks after the parent twice a second.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """End this process as soon as `parent`, which started it, is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before the tie was made
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    _, started_by, module, *arguments = sys.argv
    tie(int(started_by))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
