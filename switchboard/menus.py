"""Menu versions: new calls get the newest, a call in progress keeps the one it started with."""

from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from ivr.menu import Menu
from store.tables import menus


class Menus:
    """The versions this process has met; the others are in the database."""

    def __init__(self) -> None:
        self._known: dict[str, Menu] = {}
        self._stored: set[str] = set()

    def of(self, tx: Connection, version: str, newest: Menu) -> Menu:
        """The menu of this version."""
        if version == newest.version:
            return newest
        if version not in self._known:
            stored = select(menus.c.source).where(menus.c.version == version)
            self._known[version] = Menu.from_source(tx.execute(stored).scalar_one())
        return self._known[version]

    def keep(self, tx: Connection, menu: Menu, now: datetime) -> None:
        """Store a version before the first call that starts with it."""
        if menu.version in self._stored:
            return
        if tx.scalar(select(menus.c.version).where(menus.c.version == menu.version)) is None:
            try:
                with tx.begin_nested():
                    tx.execute(
                        insert(menus).values(version=menu.version, source=menu.source(), loaded_at=now)
                    )
            except IntegrityError:
                return  # another process was first; it is seen as stored at the next call
        else:
            self._stored.add(menu.version)
