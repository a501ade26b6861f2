"""<Client statusCallback="/status">kim</Client>, or <Client><Identity>kim</Identity></Client>"""

from dataclasses import replace
from typing import TYPE_CHECKING

from carrier.nouns import CALLBACK, read_target
from carrier.registry import Target, noun, target

if TYPE_CHECKING:
    from carrier.script import Script
    from carrier.twiml import Tag

noun("Identity")
noun("Parameter", attributes="name value")


@target("Client", attributes=f"url method {CALLBACK}", nests="Identity Parameter")
def client(script: "Script", tag: "Tag") -> Target:
    """A telephone registered under client: and its name; it is told the parameters when it rings."""
    names = [child.text for child in tag.children if child.name == "Identity"] or [tag.text]
    told = {one.word("name"): one.word("value") for one in tag.children if one.name == "Parameter"}
    return replace(read_target(script, tag, f"client:{names[0]}"), parameters=told)
