"""TwiML documents: read, checked for verbs and nesting, and handed out as tags."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from carrier.characters import whole
from carrier.registry import SPEECH_MARKS, VERBS
from carrier.urls import absolute

SCHEMA = 12200
"""A warning: something in the document isn't TwiML, and is passed over."""

LONGEST_NUMBER = 20
"""Digits of a number; a mile of them is a mistake, and not a very long pause."""
PAUSES = frozenset({"break", "p", "s"})
"""Speech marks that part words; the others shape them from within."""


class BadDocument(Exception):
    """A document that can't be run; `code` is Twilio's."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


@dataclass
class Tag:
    """One element: its attributes, what is nested in it, and the words between."""

    name: str
    attributes: Mapping[str, str]
    line: int
    children: list["Tag"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What is wrong with attributes that have been read; the default stands in."""

    @property
    def text(self) -> str:
        """The words, with speech marks such as <break/> taken out and white space made single."""
        return " ".join("".join(self.pieces).split())

    def word(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def whole(self, name: str, default: int, least: int = 0, most: int = 2**31) -> int:
        """A whole number; one that is out of range becomes the nearest that is in it."""
        text = self.attributes.get(name)
        if text is None:
            return default
        digits, value = text.strip(), default
        if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER:
            number = int(digits)
            value = min(max(number, least), most)
            if value == number:
                return value
        self.complaints.append(
            f"{name}={text[:40]!r} of <{self.name}> is not a number from {least} to {most}"
        )
        return value

    def truth(self, name: str, default: bool) -> bool:
        return self.choice(name, ("true", "false"), "true" if default else "false") == "true"

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of `choices`, whatever its case."""
        text = self.attributes.get(name)
        if text is None:
            return default
        for one in choices:
            if one.lower() == text.strip().lower():
                return one
        self.complaints.append(f"{name}={text!r} of <{self.name}> is none of {', '.join(choices)}")
        return default

    def method(self, name: str = "method", default: str = "POST") -> str:
        return self.choice(name, ("GET", "POST"), default)

    def url(self, name: str, base: str) -> str | None:
        """An attribute that is a URL, made absolute."""
        text = self.attributes.get(name, "").strip()
        return absolute(base, text) if text else None


def parse(body: bytes, charset: str = "utf-8") -> tuple[list[Tag], list[str]]:
    """The verbs of a document and what is to be warned of. Raises BadDocument."""
    if not body.strip():
        raise BadDocument(11770, "the document is empty")
    root, lost = _read(body, charset)
    if root.name != "Response":
        raise BadDocument(12102, f"the root is <{root.name}>; it must be <Response>")
    return root.children, [*lost, *_check(root, None)]


def _read(body: bytes, charset: str) -> tuple[Tag, list[str]]:
    """The root, and what is to be warned of because it stands within a speech mark."""
    reader = expat.ParserCreate("utf-8")
    stack = [Tag("", {}, 0)]
    lost: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = Tag(name, attributes, reader.CurrentLineNumber)
        if name not in SPEECH_MARKS:
            stack[-1].children.append(tag)
            if stack[-1].name in SPEECH_MARKS:
                lost.append(f"line {tag.line}: <{name}> is not allowed within <{stack[-1].name}>")
        stack.append(tag)

    def end(name: str) -> None:
        tag = stack.pop()
        if name in SPEECH_MARKS:
            gap = " " if name in PAUSES else ""
            stack[-1].pieces.extend((gap, *tag.pieces, gap))

    def refuse(*_: object) -> None:
        raise BadDocument(12100, "a document type declaration has no place in TwiML")

    reader.StartElementHandler = start
    reader.EndElementHandler = end
    reader.CharacterDataHandler = lambda words: stack[-1].pieces.append(words)
    reader.StartDoctypeDeclHandler = refuse
    try:
        reader.Parse(decoded(body, _encoding(body, charset)).encode(), True)
    except (expat.ExpatError, ValueError) as trouble:
        raise BadDocument(12100, f"the document can't be read: {trouble}") from trouble
    if not stack[0].children:
        raise BadDocument(12102, "the root is a speech mark; it must be <Response>")
    return stack[0].children[0], lost


def decoded(body: bytes, encoding: str) -> str:
    """The text of an answer, in any encoding that Python knows (expat knows four). Raises BadDocument."""
    try:
        return whole(body.decode(encoding))
    except (LookupError, ValueError) as trouble:
        raise BadDocument(12100, f"the answer can't be read as {encoding}: {trouble}") from trouble


def _encoding(body: bytes, charset: str) -> str:
    """What the document says of itself; only if it says nothing, what its Content-Type said."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    declared = _DECLARED.match(body)
    if declared is None:
        return charset
    return declared[1].decode() if declared[1] else "utf-8"


def _check(parent: Tag, nests: frozenset[str] | None) -> Iterator[str]:
    """What is to be warned of below `parent`, taking out what can't run."""
    kept = []
    for tag in parent.children:
        verb = VERBS.get(tag.name)
        if verb is None:
            yield f"line {tag.line}: <{tag.name}> is not a verb"
            continue
        if tag.name not in nests if nests is not None else verb.run is None:
            if parent.name == "Gather":
                raise BadDocument(13320, f"line {tag.line}: <{tag.name}> is not allowed within <Gather>")
            yield f"line {tag.line}: <{tag.name}> is not allowed within <{parent.name}>"
            continue
        for name in tag.attributes:
            if name in verb.inert:
                yield f"line {tag.line}: {name!r} of <{tag.name}> has no effect on this carrier"
            elif name not in verb.attributes and not _NAMESPACE.match(name):
                yield f"line {tag.line}: <{tag.name}> has no attribute {name!r}"
        kept.append(tag)
        yield from _check(tag, verb.nests)
    parent.children[:] = kept


_DECLARED = re.compile(rb"""\s*<\?xml(?:[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["'])?""", re.ASCII)
_NAMESPACE = re.compile(r"xml(ns)?(:|$)")
