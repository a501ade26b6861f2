"""The JSON Schemas: valid themselves, kind to the sample, and of use."""

import pytest
from jsonschema import Draft202012Validator

from settings.schema import schemas
from settings.yaml import load

FILES = ("hotline.yml", "queues.yml", "agents.yml", "calendar.yml")


@pytest.mark.parametrize("name", FILES)
def test_the_sample_fits_its_schema(name, config):
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(load(config / name).data)) == []


def test_a_schema_sees_an_unknown_key_and_explains_every_key():
    hotline = schemas()["hotline.yml"]
    assert not Draft202012Validator(hotline).is_valid({"nmae": {}})
    assert all(entry["description"] for entry in hotline["properties"].values())


def test_what_is_given_by_the_place_is_not_asked_for():
    entry = schemas()["agents.yml"]["additionalProperties"]
    assert "name" not in entry["properties"]
    assert "name" not in entry["required"]
    assert "zone" not in schemas()["calendar.yml"]["properties"]
