"""A web application with a carrier's signature at hand."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from rehearsal.stage import ACCOUNT, Stage
from store.engine import Store
from switchboard.setup import load
from telephony.signature import Signature

ROOT = Path(__file__).parents[2]


class Carrier:
    """Posts to webhooks as the carrier does."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.client = stage.app.test_client()

    def posts(self, path: str, form: Mapping[str, str], signature: str | None = "right") -> TestResponse:
        """`signature` right, or another text, or None for no signature at all."""
        url = self.stage.hotline.links.public_url + path
        if signature == "right":
            signature = Signature(ACCOUNT.token).of(url, {name: [value] for name, value in form.items()})
        headers = {} if signature is None else {"X-Twilio-Signature": signature}
        return self.client.post(path, data=dict(form), headers=headers)


@pytest.fixture
def carrier(store: Store, tmp_path: Path) -> Iterator[Carrier]:
    with Stage(load(ROOT / "config"), store, tmp_path) as stage:
        yield Carrier(stage)
