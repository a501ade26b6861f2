"""YAML as an admin means it: the traps, the lines, and whatever bytes may stand in a file."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from settings.tree import Tree
from settings.yaml import load, parse

SAMPLES = sorted((Path(__file__).parents[2] / "config").rglob("*.yml"))

TRAPS = [  # the file, its line, what is wrong, and what is read all the same
    (
        "a: +12025550100",
        1,
        "+12025550100 without quotes is a number and loses its plus",
        {"a": "+12025550100"},
    ),
    (
        "a: +86 431 8888",
        1,
        "+86 431 8888 without quotes is a number and loses its plus",
        {"a": "+86 431 8888"},
    ),
    ("\na: 9:30", 2, "9:30 without quotes is the number 570", {"a": "9:30"}),
    ("a:\n  - 22:00:30", 2, "22:00:30 without quotes is the number 79230", {"a": ["22:00:30"]}),
    ("a: No", 1, "No without quotes is false, not a word", {"a": "No"}),
    ("a: on", 1, "on without quotes is true, not a word", {"a": "on"}),
    ("no: 1", 1, "no without quotes is false, not a word", {"no": 1}),
    ("a: 0100", 1, "0100 without quotes is the number 64", {"a": "0100"}),
    ("a: 0800", 1, "0800 without quotes is the number 800", {"a": "0800"}),
    (
        "a:\n  *: b",
        2,
        "* without quotes points to another place in the file, it is not the key *",
        {"a": {"*": "b"}},
    ),
    (
        "a: {*: b}",
        1,
        "* without quotes points to another place in the file, it is not the key *",
        {"a": {"*": "b"}},
    ),
    ("a: *", 1, "* without quotes points to another place in the file, it is not the key *", {"a": "*"}),
    ("a:\n  1: b\n  #: c", 3, "# without quotes starts a comment, it is not the key #", {"a": {"1": "b"}}),
    ("a: {#: b}", 1, "# without quotes starts a comment, it is not the key #", {"a": {"#": "b"}}),
    ("a: #\nb: 1", 1, "# without quotes starts a comment, it is not the key #", {"a": None, "b": 1}),
    ("a: 1\nb: 2\na: 3", 3, "'a' is here twice, first on line 1", {"a": 1, "b": 2}),
    ("a:\n\tb: 1", 2, "a tab stands before the text of this line", None),
    ("a: 1\n---\nb: 2", 2, "a second document begins here", {"a": 1}),
    ("? [a]\n: b", 1, "a list stands where a key is wanted", {}),
    ("a: !!int 3", 1, "a word with ! before a value is a tag, which has no use here", {"a": "3"}),
    ("a: 1\n<<: b", 2, "<< brings in the keys of another place, and this is none", {"a": 1}),
    ("a: \x07", 1, "an invisible character (U+0007) is in this line", None),
    ("a: b\u2028c", 1, "an invisible character (U+2028) is in this line", None),
    ("a: 1\nb: " + "[" * 60, 2, "this is nested too deeply", None),
    ("", 1, "the file is empty", None),
    ("# nothing\n\n", 1, "the file is empty", None),
    ("a: 'b", 1, "a quote is opened here and never closed", None),
    (
        "a: 1\nb: [1, 2\nc: 3",
        2,
        "a { or [ is opened here and not closed, or a ',' is missing behind it",
        None,
    ),
    ("a: b: c", 1, "a ':' stands where none can be", None),
    ("a:\n  b: 1\n c: 2", 3, "this line does not fit the lines above it", None),
    ("a: @b", 1, "text can't begin with this sign", None),
    ('a: "\\d"', 1, "a \\ in double quotes means something else to YAML", None),
    ("a: *b", 1, "*b points to an anchor that is not above this line", None),
    (
        "a:\n  zh: 按 # 键",
        2,
        "the # behind '按' starts a comment, so callers don't hear the rest of the line",
        {"a": {"zh": "按"}},
    ),
    (
        "en:\n  - Press # now",
        2,
        "the # behind 'Press' starts a comment, so callers don't hear the rest of the line",
        {"en": ["Press"]},
    ),
    (
        "ja: 発信音の\n  あと # です",
        2,
        "the # behind '発信音の あと' starts a comment, so callers don't hear the rest of the line",
        {"ja": "発信音の あと"},
    ),
    ("a: 1\nb：c", 2, "the full-width sign ： stands where YAML wants a half-width one", None),
    ("a:\n  then：b", 2, "the full-width sign ： stands where YAML wants a half-width one", {"a": "then：b"}),
    (
        "a: 1\n\u3000\u3000b: c",
        2,
        "a full-width space stands where YAML wants a half-width one",
        {"a": 1, "\u3000\u3000b": "c"},
    ),
    (
        "a:\n  2:\u00a0{language: en, then: b}",
        2,
        "a no-break space stands where YAML wants a half-width one",
        None,
    ),
    ("a: [zh，en]", 1, "the full-width sign ， stands where YAML wants a half-width one", {"a": ["zh，en"]}),
    (
        "a: “+8643112345”",
        1,
        "the full-width sign “ stands where YAML wants a half-width one",
        {"a": "“+8643112345”"},
    ),
    ("１: b", 1, "the full-width sign １ stands where YAML wants a half-width one", {"１": "b"}),
    ("a: {file: b，c: d}", 1, "the full-width sign ， stands where YAML wants a half-width one", None),
    ('a: 1\nb: "您好\\a"', 2, "'您好' has an invisible character (U+0007) in it", {"a": 1, "b": "您好"}),
    ('a: "\\ud83d"', 1, "'' has an invisible character (U+D83D) in it", {"a": ""}),
    ('"a\\0": b', 1, "'a' has an invisible character (U+0000) in it", {"a": "b"}),
    ("then: lan\u200bguage", 1, "'language' has an invisible character (U+200B) in it", {"then": "language"}),
    ("li\u2060: b", 1, "'li' has an invisible character (U+2060) in it", {"li": "b"}),
    (
        'a: "\u202d+8643112345"',
        1,
        "'+8643112345' has an invisible character (U+202D) in it",
        {"a": "+8643112345"},
    ),
    (
        "a: 1\nsay: {en: Welcome, this is it, yes, zh: 您好}",
        2,
        "the text 'Welcome' ends at its comma",
        {"a": 1, "say": {"en": "Welcome, this is it, yes", "zh": "您好"}},
    ),
    (
        "say: {en: Yes we can,\n  no we don't\n  }",
        2,
        "the text 'Yes we can' ends at its comma",
        {
            "say": {"en": "Yes we can, no we don't"},
        },
    ),
    ("a: {zh:您好}", 1, "'zh:您好' has no space behind its ':'", {"a": {"zh": "您好"}}),
    (
        "a: {language:en, then: b}",
        1,
        "'language:en' has no space behind its ':'",
        {"a": {"language": "en", "then": "b"}},
    ),
    ("a: {b}", 1, "'b' has no ':' behind it", {"a": {}}),
    (
        'a: 1\nb: "c\nd: 2\ne: "f"',
        2,
        "a quote is opened here and closed only by the next one, on line 4",
        None,
    ),
    (
        'a:\n  b: {en: "c}\n  d: 2\n  e: {en: "f"}',
        2,
        "a quote is opened here and closed only by the next one, on line 4",
        None,
    ),
    ("a: 1\nb: {en: 'Mayor's Hotline'}", 2, "the text goes on behind a quote that closes it", None),
    ("a: 1\nb: 'Mayor's Hotline'", 2, "the text goes on behind a quote that closes it", None),
    ('a: {en: "b" zh: c}', 1, "a { or [ is opened here and not closed, or a ',' is missing behind it", None),
    ("a: 1\nthen:\tb", 2, "a tab stands before a value", None),
    ('then:\t"b"', 1, "a tab stands before a value", None),
    ("a: 1\n...\n\nb: 2", 2, "the ... ends the file, so nothing below it is read", {"a": 1}),
    ("a: &b [*b]", 1, "*b points to an anchor that is not above this line", None),
]


@pytest.mark.parametrize(("text", "line", "what", "data"), TRAPS, ids=lambda value: str(value)[:30])
def test_a_trap_is_named_with_its_line_and_what_was_meant_is_read(text, line, what, data):
    document = parse(text, "menu.yml")
    assert [(problem.line, problem.what) for problem in document.problems] == [(line, what)]
    assert document.problems[0].mend
    assert document.data == data


FINE = [
    ("a: '+12025550100'\nb: \"9:30\"\nc: 'No'", {"a": "+12025550100", "b": "9:30", "c": "No"}),
    ("1: a\n2: b\n0: c", {"1": "a", "2": "b", "0": "c"}),
    ('"*": a\n"#": b', {"*": "a", "#": "b"}),
    ("a: 08:30-17:00\nb: 2026-02-14\nc: 1.5\nd: -3\ne: true\nf:", {
        "a": "08:30-17:00", "b": "2026-02-14", "c": 1.5, "d": -3, "e": True, "f": None,
    }),
    ("a: 1 # 9:30\nb: x#y", {"a": 1, "b": "x#y"}),
    ("a: 09:30\nb: 1:75", {"a": "09:30", "b": "1:75"}),
    ("a: |\n  #: no key\n  *: neither\nb: 'x\n  #: y'\n", {"a": "#: no key\n*: neither\n", "b": "x #: y"}),
    ("\ufeffa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    ("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}", {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 3}}),
    ("a: &x [1]\nb: *x\nc: {<<: [{k: 1}, {k: 2, l: 2}]}", {"a": [1], "b": [1], "c": {"k": 1, "l": 2}}),
    ("a: !!str 0100", {"a": "0100"}),
    ("a: 99999999999999999999999999", {"a": "99999999999999999999999999"}),
    ("a: people   # b\nen: 1 # c\nzh: \"按 # 键\" # d\nja: {k: l} # e", {
        "a": "people", "en": 1, "zh": "按 # 键", "ja": {"k": "l"},
    }),
    ("zh: 按#键，再见：“好”\nru: |\n  a # b\n", {"zh": "按#键，再见：“好”", "ru": "a # b\n"}),
    ("a: 您好，长春。", {"a": "您好，长春。"}),
    ('a: {"en":"Yes, no", zh: 您好，请, b: , c:\n  1}\ne: {f: [g, h], }', {
        "a": {"en": "Yes, no", "zh": "您好，请", "b": None, "c": 1}, "e": {"f": ["g", "h"]},
    }),
    ('a: "您好\\ud83d\\ude00"\nb: "\\U0001f600"', {"a": "您好😀", "b": "😀"}),
    ("a: 您\u200b好\nen: Hello\u200b there", {"a": "您\u200b好", "en": "Hello\u200b there"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "data"), FINE, ids=lambda value: str(value)[:30])
def test_what_is_no_trap_is_read_without_a_word(text, data):
    document = parse(text, "menu.yml")
    assert (document.problems, document.data) == ((), data)


def test_lines_are_those_of_the_editor():
    document = parse("a:\r\n  - x\r\n  - k: 1\r\n    l: {m: 2}\r\n\r\nb: 3\r\n", "menu.yml")
    assert [document.line(*path) for path in [(), ("a",), ("a", 1), ("a", 1, "l", "m"), ("b",)]] == [
        1,
        1,
        3,
        4,
        6,
    ]
    assert document.line("a", 1, "missing") == 3


def test_all_problems_of_a_file_come_at_once_in_order():
    document = parse("a: +86\n*: b\nc: {#: d}\ne: 9:30\ne: No\n", "menu.yml")
    assert [problem.line for problem in document.problems] == [1, 2, 3, 4, 5, 5]


def test_a_file_full_of_bare_stars_is_read_twice_and_no_more(monkeypatch):
    reads = []

    class Counted(Tree):
        def read(self):
            reads.append(self)
            return super().read()

    monkeypatch.setattr("settings.yaml.Tree", Counted)
    document = parse("".join(f"a{number}:\n  label: *\n" for number in range(400)), "agents.yml")
    assert len(reads) == 2
    assert [problem.line for problem in document.problems] == list(range(2, 802, 2))


def test_a_star_in_a_long_text_behind_a_bare_one_is_no_problem():
    document = parse("a: *\nb: |\n  *: text\nc: *\n", "menu.yml")
    assert [problem.line for problem in document.problems] == [1, 4]


def test_aliases_that_multiply_are_refused():
    laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    [problem] = parse(laughs, "menu.yml").problems
    assert "too large" in problem.what


def test_a_file_may_be_anything(tmp_path, monkeypatch):
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "latin.yml").write_bytes(b"a: 1\nb: caf\xe9")
    (tmp_path / "large.yml").write_bytes(b"# x\n" * 300_000)
    (tmp_path / "locked.yml").write_text("a: 1")
    read_bytes = Path.read_bytes

    def refuse(path):
        if path.name == "locked.yml":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    found = {
        name: [(problem.line, problem.what) for problem in load(tmp_path / f"{name}.yml").problems]
        for name in ("folder", "latin", "large", "locked", "gone")
    }
    assert found == {
        "folder": [(1, "this is not a file")],
        "latin": [(2, "this is not UTF-8 text")],
        "large": [(1, "the file is larger than 1,000,000 bytes")],
        "locked": [(1, "the file can't be read: permission denied")],
        "gone": [(1, "this is not a file")],
    }


YAMLISH = st.text(st.sampled_from("ab019:#*&!|>-?{}[],'\"%@`\\ \t\n+~<.=é\u2028\ufeff"), max_size=60)


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80), YAMLISH))
@example('a: "\\U99999999"')
@example('"\\ud83d": "\\ude00"')
@example("%YAML 9.9\n---\na")
@example("!!timestamp 2026")
@example("&a *a : b")
@settings(deadline=None, max_examples=400)
def test_no_text_and_no_bytes_raise(content):
    document = parse(content, "menu.yml")
    assert document.data is not None or document.problems
    assert all(problem.line >= 1 and problem.mend for problem in document.problems)
    json.dumps(document.data, ensure_ascii=False).encode()
    "".join(map(str, document.problems)).encode()


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_no_damage_to_a_sample_file_raises(data):
    content = data.draw(st.sampled_from(SAMPLES)).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 30, len(content))))
    damaged = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
    parse(damaged, "menu.yml")
