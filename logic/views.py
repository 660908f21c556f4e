"""What people keep of their screens: saved views of lists, private or shared, pinned pages, and recent ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.core import identifier
from data.views import PATH_LENGTH, DefaultView, PinnedPage, RecentPage, SavedView
from logic.core.actor import ActorKind
from logic.core.domain import Domain
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.work import Work
from logic.members.domain import MemberAnonymised

domain = Domain(
    'views',
    title='Saved views',
    icon='sym_o_bookmark',
    group='Platform',
    description='Questions to lists under a name, and the pages that people come back to.',
)
SHARE = domain.permission('share', 'Share saved views with everybody')

MOST_VIEWS, MOST_PINS, MOST_RECENT = 50, 12, 20
KEPT_AFTER_REMOVAL = timedelta(days=1)
OURS = re.compile(r'/([^/#\\][^#\\]*)?')
"""A page of this host: no other host can be meant by it."""
Name = Annotated[str, Field(title=later('Name'), min_length=1, max_length=80)]
State = Annotated[str, Field(title=later('State'), max_length=2000)]
Place = Annotated[str, Field(title=later('List'), min_length=1, max_length=120)]
Path = Annotated[str, Field(title=later('Page'), min_length=1, max_length=PATH_LENGTH)]


class ViewInput(BaseModel):
    """A view to be saved."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    place: Place
    name: Name
    state: State = ''
    is_shared: bool = False


class ViewChange(BaseModel):
    """What of a view is to be changed; what is left out stays."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    name: Name | None = None
    state: State | None = None
    is_shared: bool | None = None


class PageInput(BaseModel):
    """A page to come back to."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    path: Path
    title: Annotated[str, Field(title=later('Title'), min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view as the list that it belongs to shows it."""

    id: UUID
    name: str
    state: str
    is_shared: bool
    is_own: bool
    is_default: bool
    may_change: bool
    version: int


def _account(work: Work) -> UUID:
    if work.actor.account_id is None or work.actor.kind is not ActorKind.ACCOUNT:
        raise Denied('Only a person with an account keeps views and pages.')
    return work.actor.account_id


# -------------------------------------------------------------------------------------------------- saved views


def _may_change(work: Work, view: SavedView) -> bool:
    return view.account_id == work.actor.account_id or (view.is_shared and work.actor.may(SHARE))


async def _visible(work: Work, view_id: UUID, version: int | None = None, *, removed: bool = False) -> SavedView:
    view = await work.get(SavedView, view_id, version)
    mine = view.account_id == _account(work)
    if not (mine or view.is_shared) or (view.removed_at is None) is removed:
        raise NotFound('There is no such saved view.')
    if removed and not _may_change(work, view):
        raise NotFound('There is no such saved view.')
    return view


async def _changeable(work: Work, view_id: UUID, version: int | None = None, *, removed: bool = False) -> SavedView:
    view = await _visible(work, view_id, version, removed=removed)
    if not _may_change(work, view):
        raise Denied(_('"{name}" was shared by somebody else. Save it under a name of your own.', name=view.name))
    return view


def _at(place: Any, account_id: Any) -> list[sa.ColumnElement[bool]]:
    return [
        col(SavedView.place) == place,
        col(SavedView.removed_at).is_(None),
        sa.or_(col(SavedView.account_id) == account_id, col(SavedView.is_shared).is_(True)),
    ]


@cache
def _listed() -> Any:
    place, account = sa.bindparam('place', type_=sa.String()), sa.bindparam('account', type_=identifier())
    mine = sa.and_(col(DefaultView.view_id) == SavedView.id, col(DefaultView.account_id) == account)
    statement = select(SavedView, DefaultView.id).join(DefaultView, mine, isouter=True)
    return statement.where(*_at(place, account)).order_by(col(SavedView.name))


@query(SIGNED_IN)
async def list_views(work: Work, place: str) -> list[ViewRow]:
    """Return the views of a list that the actor may open: his own and the shared ones, by name. One statement."""
    account_id = _account(work)
    rows = await work.all(_listed(), place=place, account=account_id)
    return [
        ViewRow(
            id=row.id, name=row.name, state=row.state, is_shared=row.is_shared, is_own=row.account_id == account_id,
            is_default=default_id is not None, may_change=_may_change(work, row), version=row.version,
        )
        for row, default_id in rows
    ]  # fmt: skip


@service(SIGNED_IN)
async def add_view(work: Work, data: ViewInput) -> SavedView:
    """Save a view. Raises Conflict for a name in use or too many, Denied to share without the right, Invalid."""
    account_id = _account(work)
    if data.is_shared:
        work.require(SHARE)
    _check_path(data.place)
    _check_state(data.state)
    await _check_name(work, data.place, data.name, None)
    count = await work.count(select(SavedView.id).where(*_at(data.place, account_id)))
    if count >= MOST_VIEWS:
        raise Conflict(_('This list has {count} views already. Remove one that nobody needs.', count=MOST_VIEWS))
    return work.add(SavedView(account_id=account_id, **data.model_dump()))


@service(SIGNED_IN)
async def update_view(work: Work, view_id: UUID, data: ViewChange, version: int | None = None) -> SavedView:
    """Rename a view, save what it asks anew, share it or keep it to oneself. Raises NotFound, Denied, Conflict."""
    view = await _changeable(work, view_id, version)
    if data.is_shared is not None and data.is_shared != view.is_shared:
        work.require(SHARE)
        if view.account_id != work.actor.account_id:
            raise Denied(_('Only who saved "{name}" can keep it to himself. You can remove it.', name=view.name))
        view.is_shared = data.is_shared
        if not view.is_shared:
            await _forget_default(work, view.id, others=True)
    if data.name is not None and data.name != view.name:
        await _check_name(work, view.place, data.name, view.id)
        view.name = data.name
    if data.state is not None:
        _check_state(data.state)
        view.state = data.state
    return view


@service(SIGNED_IN)
async def remove_view(work: Work, view_id: UUID) -> None:
    """Remove a view; it can be restored for a day. Raises NotFound, Denied."""
    view = await _changeable(work, view_id)
    view.removed_at = work.now


@service(SIGNED_IN)
async def restore_view(work: Work, view_id: UUID) -> SavedView:
    """Take the removal of a view back; under another name when its own was given away. Raises NotFound, Denied."""
    view = await _changeable(work, view_id, removed=True)
    taken = {row.name for row in await list_views(work, view.place)}
    view.removed_at = None
    names = (view.name, *(f'{view.name[:74]} ({number})' for number in range(2, MOST_VIEWS + 3)))
    view.name = next(name for name in names if name not in taken)
    return view


@service(SIGNED_IN)
async def choose_default_view(work: Work, place: str, view_id: UUID | None) -> None:
    """Have a list open with a view for the actor, or with None as it is. Raises NotFound."""
    account_id = _account(work)
    row = await work.first(select(DefaultView).where(DefaultView.account_id == account_id, DefaultView.place == place))
    if view_id is None:
        if row is not None:
            await work.delete(row)
        return
    view = await _visible(work, view_id)
    if view.place != place:
        raise NotFound('There is no such saved view.')
    if row is None:
        work.add(DefaultView(account_id=account_id, place=place, view_id=view.id))
    else:
        row.view_id = view.id


async def _check_name(work: Work, place: str, name: str, but: UUID | None) -> None:
    same = select(SavedView.id).where(*_at(place, _account(work)), sa.func.lower(SavedView.name) == name.lower())
    if any(found != but for found in await work.all(same)):
        raise Conflict(_('There is a view called "{name}" already. Choose another name.', name=name))


def _check_state(state: str) -> None:
    try:
        parse_qsl(state, strict_parsing=bool(state), max_num_fields=100)
    except ValueError:
        raise Invalid('This view cannot be read.', {'state': 'It is not the query string of a list.'}) from None


def _check_path(path: str) -> None:
    if OURS.fullmatch(path) is None:
        raise Invalid('This is no page of Logbook.', {'path': 'It begins with one slash.'})


async def _forget_default(work: Work, view_id: UUID, *, others: bool) -> None:
    gone = sa.delete(DefaultView).where(col(DefaultView.view_id) == view_id)
    if others:
        gone = gone.where(col(DefaultView.account_id) != work.actor.account_id)
    await work.execute(gone)


@domain.job(schedule='20 3 * * *')
async def forget_removed_views(work: Work) -> None:
    """Delete views that were removed more than a day ago."""
    gone = select(SavedView).where(col(SavedView.removed_at) < work.now - KEPT_AFTER_REMOVAL)
    for view in await work.all(gone):
        await _forget_default(work, view.id, others=False)
        await work.delete(view)


# -------------------------------------------------------------------------------------------------- pages


@query(SIGNED_IN)
async def list_pins(work: Work) -> Sequence[PinnedPage]:
    """Return the actor's pinned pages in his order."""
    mine = select(PinnedPage).where(PinnedPage.account_id == _account(work))
    return await work.all(mine.order_by(col(PinnedPage.order), col(PinnedPage.id)))


@service(SIGNED_IN)
async def pin_page(work: Work, data: PageInput) -> None:
    """Keep a page in the actor's navigation. Raises Conflict when there are too many, Invalid."""
    _check_path(data.path)
    pins = await list_pins(work)
    if any(pin.path == data.path for pin in pins):
        return
    if len(pins) >= MOST_PINS:
        raise Conflict(_('You have pinned {count} pages. Unpin one first.', count=MOST_PINS))
    order = max((pin.order for pin in pins), default=0) + 1
    work.add(PinnedPage(account_id=_account(work), path=data.path, title=data.title, order=order))


@service(SIGNED_IN)
async def unpin_page(work: Work, path: str) -> None:
    """Take a page out of the actor's navigation."""
    for pin in await list_pins(work):
        if pin.path == path:
            await work.delete(pin)


@query(SIGNED_IN)
async def list_recent(work: Work, most: int = MOST_RECENT) -> Sequence[RecentPage]:
    """Return the pages that the actor had open last, the latest first."""
    mine = select(RecentPage).where(RecentPage.account_id == _account(work))
    return await work.all(mine.order_by(col(RecentPage.opened_at).desc(), col(RecentPage.id).desc()).limit(most))


@service(SIGNED_IN)
async def note_page(work: Work, data: PageInput) -> None:
    """Remember that the actor had a page open; only the latest are kept."""
    _check_path(data.path)
    recent = list(await list_recent(work, MOST_RECENT + 10))
    known = next((page for page in recent if page.path == data.path), None)
    if known is not None:
        known.title, known.opened_at = data.title, work.now
        return
    for page in recent[MOST_RECENT - 1 :]:
        await work.delete(page)
    work.add(RecentPage(account_id=_account(work), opened_at=work.now, **data.model_dump()))


@domain.on(MemberAnonymised)
async def forget_person(work: Work, event: MemberAnonymised) -> None:
    """Forget what a person who is forgotten kept for himself, and what others kept of his pages or to find him."""
    models: tuple[Any, ...] = (PinnedPage, RecentPage)
    for model in models:
        his = sa.or_(model.account_id == event.account_id, model.path.contains(str(event.member_id)))
        for row in await work.all(select(model).where(sa.or_(his, model.path.contains('?')))):
            if row.account_id == event.account_id or str(event.member_id) in row.path or _seeks(row.path, event):
                await work.delete(row)
    for view in await work.all(select(SavedView)):
        if (view.account_id == event.account_id and not view.is_shared) or _seeks('?' + view.state, event):
            await work.execute(sa.delete(DefaultView).where(col(DefaultView.view_id) == view.id))
            await work.delete(view)


def _seeks(address: str, event: MemberAnonymised) -> bool:
    """Say whether the question in an address names a person, by two words of his name or by the only one."""
    asked = parse_qsl(address.partition('?')[2])
    words = {word for key, text in asked if key.endswith('q') for word in text.casefold().split()}
    return bool(words & event.words) if len(words) == 1 else len(words & event.words) > 1
