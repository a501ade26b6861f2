"""Who gives a command, for the journal."""

import os


def who() -> str:
    """The user of this computer; not the environment's word for it, which anybody can set. In a container
    the user may have a number and no name."""
    try:
        from pwd import getpwuid
    except ImportError:  # Windows
        return os.getlogin()
    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
