"""An admin edits while the hotline runs, and a web process dies meanwhile: callers notice nothing."""

import asyncio

import pytest

from tests.processes.city import NUMBER, City, write_config


@pytest.fixture
def city(tmp_path):
    """A hotline with one seat, that is running."""
    city = City(tmp_path, f"sqlite:///{tmp_path}/hotline.db")
    write_config(tmp_path, 1)
    try:
        city.start()
        yield city
    finally:
        city.stop()


def edit(city, old, new):
    file = city.folder / "config" / "hotline.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


async def said(city, text, times=1):
    """Wait until the hotline has logged this so often."""
    for _ in range(600):
        if city.log.count(text) >= times:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"never said {text!r} {times} times: {city.log}")


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_callers_are_served_while_config_is_broken_and_every_web_process_has_died(city):
    async def story():
        edit(city, "offer_seconds: 20", "offer_seconds: soon")
        await said(city, "configuration refused", 3)
        city.kill("web")
        await said(city, "configuration refused", 5)
        assert city.log.count("the last one that was right is used") >= 2
        city.is_well()
        assert "offer_seconds' must be a whole number, not soon" in city.log
        assert await city.serves("+8643188880001") == ("completed", 1)
        edit(city, "offer_seconds: soon", "offer_seconds: 25")
        await said(city, "configuration taken up", 3)

    asyncio.run(story())


@pytest.mark.processes
@pytest.mark.timeout(300)
def test_calls_ring_after_the_number_was_changed_and_a_web_process_has_died(city):
    async def story():
        edit(city, NUMBER, "+8643112346")
        await said(city, "takes effect when the hotline is started again", 3)
        city.kill("web")
        await said(city, "takes effect when the hotline is started again", 5)
        city.is_well()
        assert await city.serves("+8643188880001") == ("completed", 1)

    asyncio.run(story())
