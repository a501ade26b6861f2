"""Who gives a command, for the journal."""

import os


def who() -> str:
    """The user of this computer; not the environment's word for it, which anybody can set."""
    try:
        from pwd import getpwuid
    except ImportError:  # Windows
        return os.getlogin()
    return getpwuid(os.getuid()).pw_name
