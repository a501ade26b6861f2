"""Menus nobody would write, and callers who do anything: what the property tests are made of."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ivr.step import Event, Found, Keys, Recorded, Returned, Silence, Transferred

NAMES = ("people", "a", "b", "c", "d", "e", "f")
SAID = {"zh": "您好{ticket}", "en": ["Hello", {"file": "audio/en.wav"}]}

to = st.sampled_from(NAMES)
tries = st.integers(1, 9)
key = st.sampled_from("123456789*#")
goto = st.one_of(to, st.fixed_dictionaries({"then": to, "language": st.sampled_from(["zh", "en", "ru"])}))


def _node(required: dict[str, Any], optional: dict[str, Any] | None = None) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional or {})


said = st.just(SAID)
states = st.just({"open": SAID})
node = st.one_of(
    _node({"say": said, "then": to}),
    _node(
        {"ask": said, "keys": st.dictionaries(key, goto, min_size=1)},
        {"silence": to, "give_up": to, "tries": tries},
    ),
    _node({"collect": said, "into": st.just("number"), "then": to}, {"confirm": said, "give_up": to}),
    _node({"hours": st.sampled_from(["always", "never"]), "open": to, "closed": to}),
    _node({"queue": st.just("people")}, {"say": said, "full": to, "closed": to, "leave": to}),
    _node({"record": said}, {"then": to, "give_up": to, "tries": tries}),
    _node({"transfer": st.just(110)}, {"if_fails": to}),
    _node({"lookup": st.just("number"), "states": states, "then": to, "missing": to}, {"say": said}),
    _node({"hang_up": said}),
)


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    """The source of a menu in which anything may lead anywhere, loops and all."""
    person = {"queue": "people", **draw(st.fixed_dictionaries({}, optional={"full": to}))}
    nodes = {"people": person, **{name: draw(node) for name in NAMES[1:]}}
    texts = {"error": {"zh": "系统故障。"}, "goodbye": {"zh": "再见。", "en": "Good-bye."}}
    return {"start": draw(to), "nodes": nodes, "texts": texts}


digits = st.one_of(
    st.sampled_from(["", "0", "1", "2", "9", "*", "#", "ABCD", "9" * 500, "١٢٣", "²", "０", "26082700001"]),
    st.text(max_size=12),
)
events: SearchStrategy[Event] = st.one_of(
    st.builds(Keys, digits),
    st.builds(Keys, key),
    st.just(Silence()),
    st.builds(Recorded, st.sampled_from([None, "https://carrier/RE1"]), st.integers(0, 3)),
    st.builds(Transferred, st.sampled_from(["completed", "busy", "no-answer", "failed", "canceled", ""])),
    st.builds(Found, st.sampled_from([None, {}, {"ticket": "26082700001", "state": "open"}, {"state": "x"}])),
    st.builds(
        Returned, st.sampled_from(["queue-full", "leave", "closed", "error", "system-error", "", "hangup"])
    ),
)
