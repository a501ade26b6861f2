"""What `hotline check` says of a broken menu: every problem, with its line and its mend."""

from pathlib import Path

import pytest

from ivr.known import Known
from ivr.menu import Menu
from ivr.read import load_menus, read_menus
from ivr.texts import names
from settings.problems import Problem
from settings.yaml import parse

KNOWN = Known(("zh", "en"), frozenset({"people", "night"}), frozenset({"office"}), "+8643112300")
MAIN = "config/menus/main.yml"
TEXTS_FILE = "config/menus/texts.yml"
GOOD = """\
welcome:
  say: {zh: 您好。, en: Hello.}
  then: language

language:
  ask: {zh: 请稍候。, en: For English press 2.}
  keys:
    1: message
    2: {language: en, then: people}
    3: ticket
  silence: people

people:
  queue: people
  say: {zh: 请稍候。, en: Please wait.}

message:
  record: {zh: 请留言。, en: Leave a message.}
  give_up: bye

ticket:
  collect: {zh: 请输入工单号。, en: Enter the number.}
  into: number
  confirm: {zh: "{number_spoken}，正确按1。", en: "{number_spoken}, right 1."}
  then: status

status:
  lookup: number
  states:
    open: {zh: 已登记。, en: is registered.}
    accepted: {zh: 正在办理。, en: is worked on.}
    call-back: {zh: 待回电。, en: waits for a call.}
    closed: {zh: 已办结。, en: is closed.}
  then: desk
  missing: desk

desk:
  hours: office
  open: police
  closed: bye

police:
  transfer: 110
  if_fails: people

bye:
  hang_up: {zh: 再见。, en: Good-bye.}
"""
TEXTS = "\n".join(f"{name}: {{zh: 一, en: One}}" for name in names(KNOWN.languages))


def told(main: str, texts: str = TEXTS, known: Known = KNOWN) -> list[str]:
    """What is said of `main`."""
    _, problems = read(main, texts, known)
    return [f"{'warning: ' * (problem.level == 'warning')}{problem}" for problem in problems]


def read(main: str, texts: str = TEXTS, known: Known = KNOWN) -> tuple[Menu | None, list[Problem]]:
    """The menu of these two files."""
    return read_menus([parse(main, MAIN), parse(texts, "config/menus/texts.yml")], known)


def test_the_good_menu_is_good() -> None:
    menu, problems = read(GOOD)
    assert problems == []
    assert menu is not None
    assert menu.start == "welcome"


# what is changed in the good menu, into what, and what is said of it
BROKEN = [
    pytest.param(
        "    2: {language: en, then: people}",
        "    2: {language: en, then: poeple}",
        [f"{MAIN}:9: key 2 of 'language' leads to 'poeple', which is not in this menu"],
        ["did you mean 'people'?"],
        id="a key leads nowhere",
    ),
    pytest.param(
        "then: language",
        "then: langauge",
        [f"{MAIN}:3: 'then' of 'welcome' leads to 'langauge', which is not in this menu"],
        ["did you mean 'language'?"],
        id="then leads nowhere",
    ),
    pytest.param(
        "language: en,",
        "language: fr,",
        [f"{MAIN}:9: key 2 of 'language' chooses 'fr', no language of this hotline"],
        ["use one of 'en', 'zh'"],
        id="a key chooses a language the hotline has not",
    ),
    pytest.param(
        "    3: ticket",
        "    33: ticket",
        [f"{MAIN}:10: '33' of 'keys' is no key of a telephone"],
        ['use one of 0 to 9, "*" and "#"'],
        id="a key that no telephone has",
    ),
    pytest.param(
        "  silence: people",
        "  silense: people",
        [f"{MAIN}:11: 'silense' is not a key of 'language'"],
        ["did you mean 'silence'?"],
        id="a misspelled key",
    ),
    pytest.param(
        "  into: number\n",
        "",
        [f"{MAIN}:21: 'ticket' has no 'into'"],
        ["add into: number"],
        id="a missing key",
    ),
    pytest.param(
        "  queue: people\n",
        "  queue: peeple\n",
        [f"{MAIN}:14: 'people' waits in the queue 'peeple', which is not in queues.yml"],
        ["did you mean 'people'?"],
        id="a queue that is not there",
    ),
    pytest.param(
        "hours: office",
        "hours: offices",
        [f"{MAIN}:38: 'desk' asks for the hours 'offices', which are not in calendar.yml"],
        ["did you mean 'office'?"],
        id="hours that are not there",
    ),
    pytest.param(
        "lookup: number",
        "lookup: nummer",
        [f"{MAIN}:28: 'status' looks for 'nummer', which no caller is asked for"],
        ["did you mean 'number'?"],
        id="a lookup of what nobody entered",
    ),
    pytest.param(
        "    open: {zh",
        "    opened: {zh",
        [
            f"{MAIN}:29: 'status' has no words for a ticket that is open",
            f"{MAIN}:30: 'status' tells of the state 'opened', which no ticket has",
        ],
        ["add open: with a text", "did you mean 'open'?"],
        id="a state that no ticket has",
    ),
    pytest.param(
        'en: "{number_spoken}, right 1."',
        'en: "{numbr_spoken}, right 1."',
        [
            f"{MAIN}:24: 'confirm' of 'ticket' doesn't read the digits back",
            f"{MAIN}:24: {{numbr_spoken}} in 'confirm' of 'ticket' stands for nothing",
        ],
        ["say {number_spoken} in it", "did you mean 'number_spoken'?"],
        id="an unknown placeholder",
    ),
    pytest.param(
        "en: Please wait.}",
        'en: "Please wait {a bit."}',
        [f"{MAIN}:15: 'en' of 'say' has a brace that is part of no {{placeholder}}"],
        ["a brace itself is written twice: {{ or }}"],
        id="a stray brace",
    ),
    pytest.param(
        "say: {zh: 请稍候。, en: Please wait.}",
        "say: {zh: 请稍候。}",
        [
            f"{MAIN}:15: 'say' of 'people' has no text in English, and such callers come here"
            f" by key 2 of 'language' ({MAIN}:9)"
        ],
        ["add en: with the English text, or let that key lead elsewhere"],
        id="a language is missing where its callers come",
    ),
    pytest.param(
        "hang_up: {zh: 再见。, en: Good-bye.}",
        "hang_up: {zh: 再见。, jp: さようなら。}",
        [f"{MAIN}:47: 'jp' of 'hang_up' is 'jp', a language the hotline can't speak"],
        ["did you mean 'ja'?"],
        id="a language that is none",
    ),
    pytest.param(
        "hang_up: {zh: 再见。, en: Good-bye.}",
        "hang_up: 再见。",
        [f"{MAIN}:47: 'hang_up' of 'bye' has no language"],
        ["write the language before the text, like {zh: 您好, en: Hello}"],
        id="a text without its language",
    ),
    pytest.param(
        "en: Good-bye.",
        "en: {fiel: audio/bye.wav}",
        [f"{MAIN}:47: 'en' of 'hang_up' is neither words to speak nor a recording"],
        ["write a text, or {file: audio/NAME.wav}"],
        id="neither text nor recording",
    ),
    pytest.param(
        "en: Good-bye.",
        "en: {file: audio/bye.wav, text: ' '}",
        [f"{MAIN}:47: 'en' of 'hang_up' is neither words to speak nor a recording"],
        ["write a text, or {file: audio/NAME.wav}"],
        id="a recording that says nothing",
    ),
    pytest.param(
        "en: Good-bye.",
        "en: {file: audio/../hotline.yml}",
        [f"{MAIN}:47: 'en' of 'hang_up' plays 'audio/../hotline.yml', which is not in audio/"],
        ["put it there: {file: audio/NAME.wav}"],
        id="a recording from elsewhere",
    ),
    pytest.param(
        "    1: message\n",
        "",
        [f"{MAIN}:16: nothing leads to 'message'"],
        ["let a key or a 'then' lead to it, or delete it"],
        id="an unreachable node",
    ),
    pytest.param(
        "  closed: bye",
        "  closed: welcome",
        [],
        [],
        id="a way back over a question is no loop",
    ),
    pytest.param(
        "  then: desk\n  missing: desk",
        "  then: ticket\n  missing: status",
        [
            f"{MAIN}:35: a caller who presses nothing goes round for ever: 'status' → 'status'",
            f"{MAIN}:37: nothing leads to 'desk'",
        ],
        [
            "let one of them lead to a person, a recording or a good-bye",
            "let a key or a 'then' lead to it, or delete it",
        ],
        id="a node that leads to itself",
    ),
    pytest.param(
        "  silence: people",
        "  silence: welcome",
        [f"{MAIN}:3: a caller who presses nothing goes round for ever: 'welcome' → 'language' → 'welcome'"],
        ["let one of them lead to a person, a recording or a good-bye"],
        id="a loop that never ends",
    ),
    pytest.param(
        "people:\n  queue: people\n  say: {zh: 请稍候。, en: Please wait.}\n",
        "people:\n  say: {zh: 请稍候。, en: Please wait.}\n  then: bye\n",
        [f"{MAIN}:13: 'people' is where 0 leads, and it is no queue"],
        ["let it be a queue, and give this node another name"],
        id="0 leads to no person",
    ),
    pytest.param(
        "people:\n  queue: people\n  say: {zh: 请稍候。, en: Please wait.}\n",
        "",
        [f"{MAIN}:1: the menu has no node 'people', where 0 and every caller without a key get to a person"],
        ["add people: {queue: night}"],
        id="there is no person",
    ),
    pytest.param(
        "welcome:\n",
        "hello:\n",
        [f"{MAIN}:1: the menu has no beginning"],
        ["add the node 'welcome', or say which node it is: start: NAME"],
        id="there is no beginning",
    ),
    pytest.param(
        "welcome:\n",
        "start: helo\nhello:\n",
        [f"{MAIN}:1: 'start' leads to 'helo', which is not in this menu"],
        ["did you mean 'hello'?"],
        id="start leads nowhere",
    ),
    pytest.param(
        "  transfer: 110\n",
        "  transfer: 110\n  queue: people\n",
        [f"{MAIN}:42: 'police' has 'queue' and 'transfer', and can do only one of them"],
        ["make two nodes of it"],
        id="two kinds at once",
    ),
    pytest.param(
        "  transfer: 110\n",
        "  tranfser: 110\n",
        [f"{MAIN}:43: 'tranfser' is not a key of a node"],
        ["did you mean 'transfer'?"],
        id="no kind, misspelled",
    ),
    pytest.param(
        "  transfer: 110\n",
        "",
        [f"{MAIN}:42: nothing says what 'police' does"],
        ["give it one of ask, collect, hang_up, hours, lookup, queue, record, say, transfer"],
        id="no kind",
    ),
    pytest.param(
        "bye:\n  hang_up: {zh: 再见。, en: Good-bye.}",
        "bye: 再见。",
        [f"{MAIN}:46: 'bye' is no node"],
        ["write what it does, like {say: ..., then: ...}"],
        id="no node",
    ),
    pytest.param(
        "police:",
        "Police 110:",
        [
            f"{MAIN}:39: 'open' of 'desk' leads to 'police', which is not in this menu",
            f"{MAIN}:42: 'Police 110' can't be the name of a node",
        ],
        [
            "use one of 'bye', 'desk', 'language', 'message', 'people', 'status', 'ticket', 'welcome'",
            "use small letters a to z, digits and -, such as night-desk",
        ],
        id="a name that can't be",
    ),
    pytest.param(
        "  transfer: 110",
        "  transfer: the police",
        [f"{MAIN}:43: 'transfer' of 'police' is 'the police', which is no telephone number"],
        ['write its digits in quotes, such as "110" or "+8643112345"'],
        id="a number that is none",
    ),
    pytest.param(
        "  transfer: 110",
        "  transfer: +8643112345",
        [f"{MAIN}:43: +8643112345 without quotes is a number and loses its plus"],
        ['write "+8643112345" in quotes'],
        id="a number without quotes",
    ),
    pytest.param(
        "    1: message",
        "    １: message",
        [f"{MAIN}:8: the full-width sign １ stands where YAML wants a half-width one"],
        ["write it half-width"],
        id="a full-width key",
    ),
    pytest.param(
        "bye:\n",
        "bye:\n  hang_up: {zh: 再见。, en: Bye.}\n　night:\n",
        [f"{MAIN}:48: a full-width space stands where YAML wants a half-width one"],
        ["write it half-width"],
        id="a full-width space before a name",
    ),
    pytest.param(
        "  transfer: 110",
        '  transfer: "+999"',
        [f"{MAIN}:43: 'transfer' of 'police' is '+999', whose country code there is not"],
        ['write it like "+8643112345"'],
        id="a number of no country",
    ),
    pytest.param(
        "  transfer: 110",
        '  transfer: "+8643"',
        [f"{MAIN}:43: 'transfer' of 'police' is '+8643', which has too few or too many digits"],
        ["compare it with the real number"],
        id="a number that is too short",
    ),
    pytest.param(
        "  transfer: 110",
        '  transfer: "+8643112300"',
        [
            f"{MAIN}:43: 'police' hands calls over to the hotline's own number, "
            "so they would go round for ever"
        ],
        ["write the number of another place, or lead to a queue"],
        id="the hotline's own number",
    ),
    pytest.param(
        "  into: number",
        "  into: number\n  at_least: 9\n  at_most: 4",
        [f"{MAIN}:24: 'ticket' asks for at least 9 and at most 4 digits"],
        ["let at_most be the larger one"],
        id="at least more than at most",
    ),
    pytest.param(
        "  into: number",
        "  into: language",
        [
            f"{MAIN}:23: 'ticket' keeps the digits as 'language', a name that has its own meaning",
            f"{MAIN}:24: 'confirm' of 'ticket' doesn't read the digits back",
            f"{MAIN}:24: 'confirm' of 'ticket' doesn't read the digits back",
            f"{MAIN}:24: {{number_spoken}} in 'confirm' of 'ticket' stands for nothing",
            f"{MAIN}:24: {{number_spoken}} in 'confirm' of 'ticket' stands for nothing",
            f"{MAIN}:28: 'status' looks for 'number', which no caller is asked for",
        ],
        [
            "choose another name, such as number",
            "say {language_spoken} in it",
            "say {language_spoken} in it",
            "did you mean 'language_spoken'?",
            "did you mean 'language_spoken'?",
            "use one of 'language'",
        ],
        id="a name of its own meaning",
    ),
    pytest.param(
        "en: For English press 2.",
        "en: For English press ｛language｝ 2.",
        [f"{MAIN}:6: 'en' of 'ask' has full-width braces, which would be read out"],
        ["write { and } half-width"],
        id="full-width braces",
    ),
    pytest.param(
        "    3: ticket",
        '    3: ticket\n    "*": bye\n    #: bye',
        [f"{MAIN}:12: # without quotes starts a comment, it is not the key #"],
        ['write "#" in quotes'],
        id="a bare hash",
    ),
    pytest.param(
        "    3: ticket",
        "    3: ticket\n    0: bye",
        [f"warning: {MAIN}:11: key 0 of 'language' leads to 'bye', and 0 is a person everywhere"],
        ["give it another key"],
        id="0 is something else",
    ),
    pytest.param(
        "ask: {zh: 请稍候。, en: For English press 2.}",
        "ask: {zh: 请稍候。}",
        [f"warning: {MAIN}:9: key 2 of 'language' chooses English, in which its 'ask' says nothing"],
        ["add en: to it, with words that name the key 2"],
        id="a key for a language that is not named in it",
    ),
    pytest.param(
        "    3: ticket",
        "    3: ticket\n    4: bye\n    5: bye\n    6: bye",
        [f"warning: {MAIN}:7: 'language' offers 6 keys, more than a caller keeps in mind"],
        ["offer 5 at most; a person can do the rest"],
        id="too many keys",
    ),
    pytest.param(
        "    1: message\n    2: {language: en, then: people}\n    3: ticket\n  silence: people",
        "    1: message\n    2: {language: en, then: people}\n    3: ticket\n    4: people\n  silence: bye",
        [f"warning: {MAIN}:5: Chinese callers press 0 to get to a person"],
        ["let silence lead to a person"],
        id="a Chinese caller has to press a key",
    ),
    pytest.param(
        "  say: {zh: 您好。, en: Hello.}",
        f"  say: {{zh: {'您好，' * 20}, en: Hello.}}",
        [f"warning: {MAIN}:5: Chinese callers listen for 24 seconds before a person is called"],
        ["shorten what is said from 'welcome' → 'language' to 15 seconds"],
        id="a person after too long",
    ),
]


@pytest.mark.parametrize(("old", "new", "what", "mend"), BROKEN)
def test_broken(old: str, new: str, what: list[str], mend: list[str]) -> None:
    assert GOOD.count(old) == 1
    expected = [f"{one}\n    mend: {other}" for one, other in zip(what, mend, strict=True)]
    assert told(GOOD.replace(old, new)) == expected


def test_all_problems_come_at_once() -> None:
    broken = (
        GOOD.replace("then: language", "then: langauge")
        .replace("queue: people", "queue: peeple")
        .replace("lookup: number", "lookup: nummer")
    )
    assert [problem.line for problem in read(broken)[1]] == [3, 14, 28]
    assert read(broken)[0] is None


def test_more_than_one_key_level_is_discouraged_for_other_languages() -> None:
    deep = GOOD.replace("2: {language: en, then: people}", "2: {language: en, then: one}") + (
        "one:\n  ask: {en: More press 1.}\n  keys: {1: two}\n  give_up: message\n"
        "two:\n  ask: {en: A person press 1.}\n  keys: {1: people}\n  give_up: message\n"
    )
    # 0 is a person at the first of the two already
    assert told(deep) == []


def test_a_key_that_leads_into_the_branch_of_another_language_is_named_with_all_that_follows() -> None:
    branch = (
        "one:\n  say: {zh: 一。}\n  then: two\n"
        "two:\n  ask: {zh: 二。}\n  keys: {1: three, 2: four, 3: five, 4: people}\n"
        "three:\n  hang_up: {zh: 三。}\nfour:\n  hang_up: {zh: 四。}\nfive:\n  hang_up: {zh: 五。}\n"
    )
    wrong = GOOD.replace("    1: message\n", "    1: message\n    4: one\n").replace(
        "en, then: people", "en, then: one"
    )
    assert told(wrong + branch) == [
        f"{MAIN}:50: 'say' of 'one' has no text in English, and such callers come here"
        f" by key 2 of 'language' ({MAIN}:10); nor have 'two', 'three', 'four' and 1 more further on\n"
        "    mend: add en: with the English text, or let that key lead elsewhere"
    ]


def test_a_text_is_missed_by_callers_who_chose_no_language() -> None:
    assert told(GOOD.replace("zh: 请留言。, ", "")) == [
        f"{MAIN}:18: 'record' of 'message' has no text in Chinese, and such callers come here"
        f" by key 1 of 'language' ({MAIN}:8)\n"
        "    mend: add zh: with the Chinese text, or let that key lead elsewhere"
    ]
    assert told(GOOD.replace("zh: 您好。, ", "")) == [
        f"{MAIN}:2: 'say' of 'welcome' has no text in Chinese, and such callers come here\n"
        "    mend: add zh: with the Chinese text"
    ]


def test_nodes_that_only_lead_to_each_other_are_told_once() -> None:
    island = "one:\n  say: {zh: 一。}\n  then: two\ntwo:\n  ask: {zh: 二。}\n  keys: {1: one}\n"
    assert told(GOOD + island) == [
        f"{MAIN}:48: nothing leads to 'one'\n    mend: let a key or a 'then' lead to it, or delete it"
    ]


def test_a_text_is_missing_and_another_is_unknown() -> None:
    texts = TEXTS.replace("goodbye:", "godbye:").replace(
        "waiting: {zh: 一, en: One}", "waiting: {zh: '{minuts}'}"
    )
    file = "config/menus/texts.yml"
    line = next(number for number, text in enumerate(texts.splitlines(), 1) if text.startswith("waiting: "))
    unknown = next(number for number, text in enumerate(texts.splitlines(), 1) if text.startswith("godbye"))
    assert set(told(GOOD, texts)) == {
        f"{file}:1: the text 'goodbye' is missing\n    mend: add goodbye: with a text for zh, en",
        f"{file}:{unknown}: no text is called 'godbye'\n    mend: did you mean 'goodbye'?",
        f"{file}:{line}: 'waiting' has no text in English\n    mend: add en: with the English text",
        f"{file}:{line}: {{minuts}} in 'waiting' stands for nothing\n    mend: did you mean 'minutes'?",
    }


def test_there_are_no_texts() -> None:
    _, problems = read_menus([parse(GOOD, MAIN)], KNOWN)
    assert [str(problem) for problem in problems] == [
        f"{MAIN}:1: the menu has no texts.yml\n"
        "    mend: add texts.yml beside it; the sample configuration has one to copy"
    ]


def test_the_same_name_in_two_files() -> None:
    other = parse("bye:\n  hang_up: {zh: 再见。, en: Bye.}\n", "config/menus/other.yml")
    _, problems = read_menus([other, parse(GOOD, MAIN), parse(TEXTS, "config/menus/texts.yml")], KNOWN)
    assert [str(problem) for problem in problems] == [
        f"config/menus/other.yml:1: 'bye' is also in {MAIN}:46\n    mend: give one of the two another name"
    ]


def test_the_beginning_in_two_files() -> None:
    files = {MAIN: f"start: welcome\n{GOOD}", "config/menus/other.yml": "start: bye\n", TEXTS_FILE: TEXTS}
    _, problems = read_menus([parse(text, file) for file, text in files.items()], KNOWN)
    assert [str(problem) for problem in problems] == [
        f"config/menus/other.yml:1: 'start' is also in {MAIN}:1\n"
        "    mend: say in one file only where calls begin"
    ]


def test_a_chain_of_many_nodes_is_no_trouble() -> None:
    chain = "".join(f"n{at}:\n  say: {{zh: 一, en: a}}\n  then: n{at + 1}\n" for at in range(1500))
    long = GOOD.replace("then: language", "then: n0") + chain
    long += "n1500:\n  say: {zh: 一, en: a}\n  then: language\n"
    assert all("listen for" in problem.what for problem in read(long)[1])
    assert read(long)[0] is not None


def test_ways_that_end_nowhere_are_not_tried_for_ever() -> None:
    diamonds = "".join(
        f"h{at}:\n  hours: office\n  open: a{at}\n  closed: b{at}\n"
        f"a{at}:\n  say: {{zh: 一, en: a}}\n  then: h{at + 1}\n"
        f"b{at}:\n  say: {{zh: 一, en: a}}\n  then: h{at + 1}\n"
        for at in range(40)
    )
    wide = GOOD.replace("    3: ticket", "    3: ticket\n    4: h0") + diamonds
    wide += "h40:\n  hang_up: {zh: 再见, en: Bye}\n"
    assert read(wide)[0] is not None


def test_what_could_not_be_measured_is_said() -> None:
    known = Known(("zh", "en"), KNOWN.queues, frozenset({"office", *(f"hours-{at}" for at in range(12))}))
    asked = "".join(
        f"h{at}:\n  hours: hours-{at}\n  open: a{at}\n  closed: h{at + 1}\n"
        f"a{at}:\n  say: {{zh: 一, en: a}}\n  then: h{at + 1}\n"
        for at in range(12)
    )
    asked += "h12:\n  say: {zh: 一, en: a}\n  then: language\n"
    told_of = read(GOOD.replace("then: language", "then: h0") + asked, known=known)[1]
    assert "not every way to a person could be measured" in told_of[0].what
    assert told_of[0].level == "warning"


def test_a_recording_that_is_not_there(tmp_path: Path) -> None:
    known = Known(KNOWN.languages, KNOWN.queues, KNOWN.hours, folder=tmp_path)
    played = GOOD.replace("en: Good-bye.", "en: [{file: audio/bye.wav}, {file: 'https://a.example/b.mp3'}]")
    folder = tmp_path.as_posix()
    assert told(played, known=known) == [
        f"{MAIN}:47: 'hang_up' of 'bye' plays audio/bye.wav, which is not in {folder}\n"
        "    mend: put the recording there, or write a text instead"
    ]
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "bye.wav").touch()
    assert told(played, known=known) == []


def test_a_folder_without_menus(tmp_path: Path) -> None:
    menu, problems = load_menus(tmp_path, KNOWN)
    assert menu is None
    assert [problem.what for problem in problems] == ["there is no menu"]


def test_the_sample_menus_are_free_of_errors_and_warnings(known: Known) -> None:
    _, problems = load_menus(Path(__file__).parents[2] / "config" / "menus", known)
    assert [str(problem) for problem in problems] == []
