"""What must stay secret, and where a hotline keeps its things: as the environment says, or by itself."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FILE = "secrets.env"
SHORTEST = 16  # characters of an app secret
HEAD = "# Made by the hotline at its first start. Nobody else may read this; the environment goes before it."


class SecretsUnusable(Exception):
    """The account, its token or the app's secret can't be used as they are; the message has the mend."""


@dataclass(frozen=True)
class Secrets:
    """The account at the carrier with its token, and the key that signs what only the app may issue."""

    account_sid: str
    auth_token: str = field(repr=False)
    key: str = field(repr=False)


def config_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the configuration is: HOTLINE_CONFIG, else config/."""
    return Path(environ.get("HOTLINE_CONFIG") or "config")


def variable_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything is that the hotline writes: HOTLINE_VAR, else var/."""
    return Path(environ.get("HOTLINE_VAR") or "var")


def database_url(environ: Mapping[str, str] = os.environ) -> str:
    """The database: HOTLINE_DATABASE_URL, else hotline.db in the variable folder."""
    return environ.get("HOTLINE_DATABASE_URL") or f"sqlite:///{variable_folder(environ) / 'hotline.db'}"


def read_secrets(environ: Mapping[str, str] = os.environ) -> Secrets:
    """TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, and HOTLINE_SECRET; what isn't set is made once and kept.

    However many processes start at the same time, all get the same. Raises SecretsUnusable.
    """
    sid, token, key = (
        environ.get(name, "") for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "HOTLINE_SECRET")
    )
    if bool(sid) != bool(token):
        there, missing = ("ACCOUNT_SID", "AUTH_TOKEN") if sid else ("AUTH_TOKEN", "ACCOUNT_SID")
        raise SecretsUnusable(
            f"TWILIO_{there} is set, TWILIO_{missing} is not\n"
            "    mend: set both, or neither for the local carrier"
        )
    if key and len(key) < SHORTEST:
        raise SecretsUnusable(
            f"HOTLINE_SECRET has {len(key)} characters, too few\n"
            f"    mend: set at least {SHORTEST}, chosen by chance, or leave it out and one is made"
        )
    if sid and key:
        return Secrets(sid, token, key)
    kept = _kept(variable_folder(environ))
    if not sid:
        sid, token = kept["TWILIO_ACCOUNT_SID"], kept["TWILIO_AUTH_TOKEN"]
    return Secrets(sid, token, key or kept["HOTLINE_SECRET"])


def _kept(folder: Path) -> dict[str, str]:
    """The secrets in the file, made now if there is none."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not path.exists():
                _write(path, _made())
            path.chmod(0o600)
            text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsUnusable(
            f"{path} can't be used: {error}\n"
            f"    mend: check who owns {folder}, or set HOTLINE_VAR to another folder"
        ) from error
    kept = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    if lacking := [name for name in _made() if not kept.get(name)]:
        raise SecretsUnusable(
            f"{path} has no {' and no '.join(lacking)}\n"
            "    mend: put the file back from a backup, or delete it: new secrets are made then"
        )
    return kept


def _made() -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "HOTLINE_SECRET": secrets.token_urlsafe(32),
    }


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time. The lock goes with the process that holds it, however it ends."""
    lock = os.open(folder / f".{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(path: Path, values: Mapping[str, str]) -> None:
    """The whole file or none of it, even if the power fails; nobody else can read it at any moment."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    lines = [HEAD, *(f"{name}={value}" for name, value in values.items())]
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
