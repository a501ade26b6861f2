"""Every path to a person as a table: the keys, the seconds, and the nodes it leads through."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ivr.route import Route
from ivr.routes import Routes

CUT = "and more: of so many, those with the fewest keys are listed, and the best one of each language"


def paths(routes: Routes) -> Group:
    """The paths; those that only a number leads to that doesn't answer are counted."""
    shown = [route for route in routes.ways if not route.fails]
    notes = [] if routes.whole else [CUT]
    if more := len(routes.ways) - len(shown):
        notes.append(f"and {more} more where a number that the call is handed over to doesn't answer")
    return Group(_table(shown), *(Text(note, style="dim") for note in notes))


def _table(routes: list[Route]) -> Table:
    """One line a path; a language is named where its paths begin."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("language")
    table.add_column("keys", no_wrap=True)
    table.add_column("seconds", justify="right")
    table.add_column("the way to a person", overflow="fold")
    before = ""
    for route in routes:
        language = route.language if route.language != before else ""
        table.add_row(language, " ".join(route.keys) or "none", str(route.whole_seconds), _way(route))
        before = route.language
    return table


def _way(route: Route) -> str:
    """The nodes, and the hours at which this is the way."""
    return " → ".join(route.nodes) + (f"  ({', '.join(route.when)})" if route.when else "")
