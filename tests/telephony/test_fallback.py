"""The fallback speaks with nothing behind it: no database, no configuration, no public URL."""

import subprocess
import sys

import pytest

from telephony.fallback import MESSAGE, THANKS, TRANSFER, answer

NUMBER = {"HOTLINE_FALLBACK_NUMBER": "+86 431 8888 0000"}


def test_all_languages_then_a_recorder_when_no_number_is_set():
    document = answer({}, {}, {})
    assert all(words in document for words in MESSAGE.values())
    assert document.index(MESSAGE["zh"]) < document.index(MESSAGE["ru"]) < document.index("<Record")
    assert 'action="fallback?after=record"' in document
    assert 'recordingStatusCallback="recording"' in document
    assert document.endswith("<Hangup/></Response>")


def test_the_callers_own_language_alone_once_it_is_known():
    document = answer({"language": "ko"}, {}, {})
    assert MESSAGE["ko"] in document
    assert MESSAGE["zh"] not in document
    assert 'action="fallback?after=record&amp;language=ko"' in document


def test_a_person_when_a_number_is_set():
    document = answer({}, {}, NUMBER)
    assert all(words in document for words in TRANSFER.values())
    assert "<Number>+8643188880000</Number>" in document
    assert 'action="fallback?after=dial"' in document


@pytest.mark.parametrize("number", ["", "kim", "+", '"/><Hangup/>', "12", "+86431888800001234"])
def test_a_number_that_can_not_be_dialled_leads_to_the_recorder(number):
    assert answer({}, {}, {"HOTLINE_FALLBACK_NUMBER": number}) == answer({}, {}, {})


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "", None])
def test_nobody_answers_there_so_the_caller_leaves_a_message(status):
    form = {} if status is None else {"DialCallStatus": status}
    assert answer({"after": "dial"}, form, NUMBER) == answer({}, {}, {})


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_after_the_talk_the_call_ends(status):
    assert "<Response><Hangup/></Response>" in answer({"after": "dial"}, {"DialCallStatus": status}, NUMBER)


def test_after_the_message_thanks_and_good_bye():
    document = answer({"after": "record", "language": "ja"}, {"RecordingUrl": "x"}, NUMBER)
    assert THANKS["ja"] in document
    assert document.endswith("<Hangup/></Response>")


@pytest.mark.parametrize("asked", [{"language": "xx"}, {"language": '"><Hangup/>'}, {"after": "lunch"}])
def test_an_unknown_query_changes_nothing(asked):
    assert answer(asked, {}, {}) == answer({}, {}, {})


def test_it_stands_alone():
    """Importing it brings in neither the database nor the settings, which may be what is broken."""
    told = "import sys, telephony.fallback; print({'sqlalchemy', 'store', 'settings'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
