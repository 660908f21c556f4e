"""What the palette and the pickers find: records, screens and actions, only those that the person may open."""

from collections.abc import Sequence
from urllib.parse import urlencode

from data.members import MemberStatus
from logic import search, views
from logic.core.actor import Actor, ActorKind
from logic.core.language import _, later
from logic.core.listing import ListQuery
from logic.core.service import SIGNED_IN
from logic.core.words import fold
from logic.identity.permissions import MANAGE_ACCESS
from logic.members.directory import list_members
from logic.members.domain import ADD, IMPORT
from logic.search import Found as Record
from ui.components import Found
from ui.limits import count_search
from ui.places import Place, places_of
from ui.shell import PaletteAction, PaletteItem, Pinned, palette_actions
from ui.shell import pages as screens_by_path
from ui.shell.registry import navigation

MOST = 6
FIRST_PAGES, FIRST_ACTIONS = 8, 4
PEOPLE = 'Member'
HERE = [status.value for status in MemberStatus if status is not MemberStatus.LEFT]


palette_actions.extend([
    PaletteAction(
        label=later('Add person'), href='/members/new', permission=ADD, icon='sym_o_person_add',
        words=later('member new create'),
    ),
    PaletteAction(
        label=later('Import people'), href='/members/import', permission=IMPORT, icon='sym_o_upload_file',
        words=later('csv roster'),
    ),
    PaletteAction(
        label=later('Invite people'), href='/access', permission=MANAGE_ACCESS, icon='sym_o_mail',
        words=later('account invitation'),
    ),
    PaletteAction(
        label=later('Change my password'), href='/account', permission=SIGNED_IN, icon='sym_o_key',
        words=later('passkey'),
    ),
])  # fmt: skip


async def search_people(actor: Actor, text: str) -> Sequence[Found]:
    """Find people for a picker, by any part of name or number; not those who have left."""
    return await _people(actor, ListQuery(q=text, page_size=10, filters={'status': HERE}))


async def search_everybody(actor: Actor, text: str) -> Sequence[Found]:
    """Find people for a picker, as `search_people` does, and those who have left."""
    return await _people(actor, ListQuery(q=text, page_size=10))


async def _people(actor: Actor, asked: ListQuery) -> Sequence[Found]:
    page = await list_members(actor, asked)
    return [
        Found(row.id, row.name, ' · '.join(p for p in (row.number, row.title or _name(row.rank)) if p))
        for row in page.rows
    ]


async def recent(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """The pages that the person had open last; with a text, those whose title has all of its words."""
    if actor.kind is not ActorKind.ACCOUNT or actor.organization_id is None:
        return []
    words = fold(text).split()
    places = await recent_places(actor)
    found = [place for place in places if all(word in fold(str(place.title)) for word in words)]
    return [_place(place) for place in found[: 3 if words else MOST]]


async def recent_places(actor: Actor) -> Sequence[Place]:
    """Return the pages that the person had open last, with the titles that he may see today."""
    return await places_of(actor, [(page.path, page.title) for page in await views.list_recent(actor)])


async def pinned_places(actor: Actor) -> Sequence[Pinned]:
    """Return the pages that the person keeps in his navigation."""
    if actor.kind is not ActorKind.ACCOUNT or actor.organization_id is None:
        return []
    places = await places_of(actor, [(page.path, page.title) for page in await views.list_pins(actor)])
    return [Pinned(path=place.path, label=str(place.title), icon=place.icon) for place in places]


async def pin(actor: Actor, path: str, title: str, is_pinned: bool) -> None:
    """Keep a page in the person's navigation, or take it out."""
    if is_pinned:
        await views.pin_page(actor, views.PageInput(path=path, title=title))
    else:
        await views.unpin_page(actor, path)


async def note_visit(actor: Actor, path: str, title: str) -> None:
    """Remember that the person has a page open; of a list the list and not what was typed into it."""
    if actor.kind is ActorKind.ACCOUNT and actor.organization_id is not None and not path.startswith('/search'):
        await views.note_page(actor, views.PageInput(path=path.partition('?')[0], title=title))


async def found_records(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """Find records of every kind by their words."""
    if not text.strip() or actor.organization_id is None:
        return []
    await count_search(actor)
    found = await search.find(actor, text, most=MOST)
    items = [
        PaletteItem(
            group=one.group, label=one.title, href=one.href, detail=described(one), icon=one.icon,
            person=one.record == PEOPLE,
        )
        for one in found
    ]  # fmt: skip
    if len(found) == MOST:
        items[-1:] = [
            PaletteItem(
                group=_('More'),
                label=_('All results for “{text}”', text=text.strip()),
                href=results_address(text),
                icon=LOOK,
            )
        ]
    return items


LOOK = 'sym_o_search'


async def actions(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """Find what the person may begin: add, create, import."""
    words = fold(text).split()
    allowed = [one for one in palette_actions if one.open_to(actor)]
    found = [one for one in allowed if all(word in fold(f'{one.label} {one.words}') for word in words)]
    chosen = found[: MOST if words else FIRST_ACTIONS]
    return [PaletteItem(group=_('Actions'), label=str(one.label), href=one.href, icon=one.icon) for one in chosen]


async def screens(actor: Actor, text: str) -> Sequence[PaletteItem]:
    """Find screens by their title; without a text those of the navigation."""
    words = fold(text).split()
    if words:
        entries = [entry for entry in screens_by_path.values() if '{' not in entry.path and entry.open_to(actor)]
    else:
        entries = [entry for _, group in navigation(actor) for entry in group]
    found = [
        PaletteItem(group=_('Pages'), label=str(entry.label), href=entry.path, icon=entry.icon)
        for entry in entries
        if all(word in fold(str(entry.label)) for word in words)
    ]
    return found[: MOST if words else FIRST_PAGES]


def results_address(text: str) -> str:
    """Return the address of the page with all results."""
    return f'/search?{urlencode({"q": text.strip()})}'


def described(one: Record) -> str:
    """Return the second line of a result."""
    source = {'Comment': _('in a comment'), 'Attachment': _('attached file')}.get(one.source, '')
    return ' · '.join(part for part in (one.detail, source, one.place) if part)


def _place(place: Place) -> PaletteItem:
    person = place.record == PEOPLE
    return PaletteItem(
        group=_('Recent'), label=str(place.title), href=place.path, icon=place.icon, detail=place.detail, person=person
    )


def _name(label: object) -> str:
    return getattr(label, 'name', '') or ''
