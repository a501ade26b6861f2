"""What can go wrong with the database, in words that say what to do."""

from sqlalchemy import URL

WRITTEN_WRONG = (
    "write HOTLINE_DATABASE_URL as sqlite:///var/hotline.db or postgresql://user:password@host/name"
)
NOT_MADE = "start the hotline once (`make run`), which makes it"


class StoreUnavailable(Exception):
    """The database cannot be used just now. Nothing of the transaction was stored; it may be tried again."""

    def __init__(self, url: URL | None, why: str, mend: str | None = None) -> None:
        name = f" {url.render_as_string(hide_password=True)}" if url else ""
        self.what = f"the database{name} cannot be used: {why}"
        self.mend = mend or "see that it runs, and that HOTLINE_DATABASE_URL names it"
        super().__init__(f"{self.what}\n    mend: {self.mend}")


class StoreTooNew(Exception):
    """The database was made by a newer version of the hotline than this program."""

    def __init__(self, url: URL, revision: str, known: str) -> None:
        self.what = (
            f"the database {url.render_as_string(hide_password=True)} is at revision {revision},"
            f" which this program does not know (it knows up to {known})"
        )
        self.mend = "install the version of the hotline that wrote it, or a newer one"
        super().__init__(f"{self.what}\n    mend: {self.mend}")
