"""A hotline of real processes for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.city import City, write_config


@pytest.fixture
def city(tmp_path: Path, database_url: str) -> Iterator[City]:
    """A hotline that is not started yet, on SQLite and on PostgreSQL."""
    city = City(tmp_path, database_url)
    write_config(tmp_path, 40)
    try:
        yield city
    finally:
        city.stop()
