"""What the palette and the pickers find: people, screens and actions, only those that the person may open."""

from collections.abc import Sequence

from logic.core.actor import Actor
from logic.core.listing import ListQuery
from logic.members.directory import list_members
from logic.members.domain import VIEW
from logic.members.names import fold
from ui.components import Found
from ui.shell import PaletteItem, pages

MOST = 6


async def search_people(actor: Actor, text: str) -> Sequence[Found]:
    """Find people for a picker, by any part of name or number."""
    page = await list_members(actor, ListQuery(q=text, page_size=10))
    return [
        Found(row.id, row.name, ' · '.join(p for p in (row.number, row.title or _name(row.rank)) if p))
        for row in page.rows
    ]


async def people(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """Find people for the palette."""
    if not text.strip() or not actor.may(VIEW):
        return []
    page = await list_members(actor, ListQuery(q=text, page_size=MOST))
    return [
        PaletteItem(
            group='People', label=row.name, href=f'/members/{row.id}', person=True,
            detail=' · '.join(p for p in (row.number, _name(row.rank), _name(row.department)) if p),
        )
        for row in page.rows
    ]  # fmt: skip


async def screens(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """Find screens by their title."""
    words = fold(text).split()
    found = [
        PaletteItem(
            group='Pages',
            label=entry.title,
            href=entry.path,
            icon=entry.nav.icon if entry.nav else 'sym_o_arrow_forward',
        )
        for entry in pages.values()
        if '{' not in entry.path and entry.open_to(actor) and all(word in fold(entry.title) for word in words)
    ]
    return found[:MOST]


def _name(label: object) -> str:
    return getattr(label, 'name', '') or ''
