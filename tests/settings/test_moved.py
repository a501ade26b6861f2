"""Ports that hold for one run only."""

from types import SimpleNamespace

import pytest

from settings.moved import moved

PORTS = {"HOTLINE_WEB_PORT": "8100", "HOTLINE_CARRIER_PORT": "8101"}


class Hotline(SimpleNamespace):
    def model_copy(self, update):
        return Hotline(**{**vars(self), **update})


@pytest.mark.parametrize(
    ("public_url", "carrier_url", "environ", "expected"),
    [
        (
            "http://127.0.0.1:8000",
            "http://127.0.0.1:8001",
            PORTS,
            ("http://127.0.0.1:8100", "http://127.0.0.1:8101"),
        ),
        ("http://localhost", "http://[::1]:8001", PORTS, ("http://localhost:8100", "http://[::1]:8101")),
        ("https://h.example", "http://10.0.0.1:8001", PORTS, ("https://h.example", "http://10.0.0.1:8001")),
        (
            "http://127.0.0.1:8000",
            "http://127.0.0.1:8001",
            {},
            ("http://127.0.0.1:8000", "http://127.0.0.1:8001"),
        ),
    ],
)
def test_ports_move_where_the_url_is_of_this_machine(public_url, carrier_url, environ, expected):
    hotline = moved(Hotline(public_url=public_url, carrier_url=carrier_url), environ)
    assert (hotline.public_url, hotline.carrier_url) == expected
