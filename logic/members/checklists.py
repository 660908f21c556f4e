"""What is to be done when somebody joins or leaves: templates, and their items on a person, due on working days."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlmodel import col, select

from data.identity import Position, PositionHolding
from data.members import (
    ChecklistItem,
    ChecklistKind,
    ChecklistTemplate,
    ChecklistTemplateItem,
    ItemOwner,
    JobChange,
    Member,
)
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.core.language import _, later
from logic.core.service import SIGNED_IN, query, service
from logic.core.whose import belongs_to
from logic.core.work import Work
from logic.identity.positions import in_force
from logic.members.domain import MANAGE_FIELDS, VIEW, domain
from logic.members.inputs import Text
from logic.members.visibility import Level, Sight, sight, visible_member
from logic.members.visibility import in_force as in_force_job
from logic.organizations import OrganizationCreated

NO_SUCH = {
    ChecklistKind.JOINING: later('There is no such checklist for joining.'),
    ChecklistKind.LEAVING: later('There is no such checklist for leaving.'),
}


class TemplateItemInput(BaseModel):
    """An item of a checklist."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    title: Annotated[Text, Field(title=later('What is to be done'), min_length=1, max_length=160)]
    owner: Annotated[ItemOwner, Field(title=later('Who does it'))] = ItemOwner.MANAGER
    position_id: Annotated[UUID | None, Field(title=later('Position'))] = None
    day_offset: Annotated[
        int,
        Field(
            title=later('Working days after the first day'), ge=-250, le=250, description=later('Before it: negative.')
        ),
    ] = 0
    is_required: Annotated[bool, Field(title=later('Required'))] = True
    id: Annotated[UUID | None, Field(title=later('Item'))] = None
    """The item of the template that this one is; None for a new one."""

    @model_validator(mode='after')
    def _has_position(self) -> 'TemplateItemInput':
        if (self.owner is ItemOwner.POSITION) != (self.position_id is not None):
            raise ValueError(_('An item of a position names the position, and only such an item.'))
        return self


class TemplateInput(BaseModel):
    """A checklist for joining or leaving."""

    model_config = ConfigDict(extra='forbid', frozen=True)

    kind: Annotated[ChecklistKind, Field(title=later('When'))]
    name: Annotated[Text, Field(title=later('Name'), min_length=1, max_length=80)]
    items: Annotated[tuple[TemplateItemInput, ...], Field(title=later('Items'), max_length=100)] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A checklist template with its items in order."""

    id: UUID
    kind: ChecklistKind
    name: str
    is_archived: bool
    version: int
    items: list[ChecklistTemplateItem]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item on a person."""

    id: UUID
    member_id: UUID
    member_name: str
    kind: ChecklistKind
    title: str
    owner: str
    """The person's name, `Manager` or the position's name."""
    due_on: date
    is_required: bool
    is_done: bool
    is_overdue: bool
    may_tick: bool
    version: int


@query(VIEW)
async def list_templates(work: Work, kind: ChecklistKind | None = None, *, archived: bool = False) -> list[Template]:
    """Return the checklist templates by name."""
    statement = select(ChecklistTemplate).order_by(ChecklistTemplate.name)
    if kind is not None:
        statement = statement.where(ChecklistTemplate.kind == kind)
    if not archived:
        statement = statement.where(col(ChecklistTemplate.archived_at).is_(None))
    items: dict[UUID, list[ChecklistTemplateItem]] = {}
    for item in await work.all(select(ChecklistTemplateItem).order_by(col(ChecklistTemplateItem.order))):
        items.setdefault(item.template_id, []).append(item)
    return [
        Template(t.id, t.kind, t.name, t.archived_at is not None, t.version, items.get(t.id, []))
        for t in await work.all(statement)
    ]


@query(MANAGE_FIELDS)
async def get_template(work: Work, template_id: UUID) -> Template:
    """Return a checklist template with its items in order. Raises NotFound."""
    template = await work.get(ChecklistTemplate, template_id)
    return Template(
        template.id, template.kind, template.name, template.archived_at is not None, template.version,
        await work.all(_items_of(template_id)),
    )  # fmt: skip


def _items_of(template_id: UUID) -> Any:
    items = select(ChecklistTemplateItem).where(ChecklistTemplateItem.template_id == template_id)
    return items.order_by(col(ChecklistTemplateItem.order), col(ChecklistTemplateItem.id))


@service(MANAGE_FIELDS)
async def add_template(work: Work, data: TemplateInput) -> ChecklistTemplate:
    """Add a checklist template. Raises NotFound for a position that is not ours."""
    template = work.add(ChecklistTemplate(kind=data.kind, name=data.name))
    await work.flush()
    await _write_items(work, template, data.items)
    return template


@service(MANAGE_FIELDS)
async def update_template(
    work: Work, template_id: UUID, data: TemplateInput, version: int | None = None
) -> ChecklistTemplate:
    """Let a template be as given; checklists that run already stay as they are.

    Raises NotFound for a position that is not ours, Conflict for a stale version or an item that is gone.
    """
    template = await work.get(ChecklistTemplate, template_id, version)
    template.kind, template.name = data.kind, data.name
    template.updated_at = work.now  # a change of its items alone counts as one of the template
    await _write_items(work, template, data.items)
    return template


@service(MANAGE_FIELDS)
async def archive_template(work: Work, template_id: UUID, *, archived: bool = True) -> ChecklistTemplate:
    """Take a template out of use, or bring it back."""
    template = await work.get(ChecklistTemplate, template_id)
    template.archived_at = (template.archived_at or work.now) if archived else None
    return template


async def _write_items(work: Work, template: ChecklistTemplate, items: tuple[TemplateItemInput, ...]) -> None:
    stored = {item.id: item for item in await work.all(_items_of(template.id))}
    for order, item in enumerate(items):
        if item.position_id is not None:
            await work.get(Position, item.position_id)
        values = item.model_dump(exclude={'id'}) | {'order': order}
        if item.id is None:
            work.add(ChecklistTemplateItem(template_id=template.id, **values))
        elif (row := stored.pop(item.id, None)) is None:
            raise Conflict('Somebody changed this checklist meanwhile. Look at it again, then repeat.')
        else:
            for name, value in values.items():
                setattr(row, name, value)
    for row in stored.values():
        await work.delete(row)
    await work.flush()


@service(VIEW)
async def start_checklist(work: Work, member_id: UUID, template_id: UUID, start_on: date) -> list[ChecklistItem]:
    """Put the items of a template on a person, due by working days from the first day (joining) or the last (leaving).

    Raises Denied, Invalid for a year far away, and Conflict while the same template runs on him.
    """
    seen = await sight(work)
    if not 1900 <= start_on.year <= 2200:
        raise Invalid('This is no day to begin on.', {'start_on': 'Write a year between 1900 and 2200.'})
    member = await visible_member(work, member_id, seen)
    seen.require_edit(member)
    return await put_checklist(work, member, await work.get(ChecklistTemplate, template_id), start_on, seen.country)


async def put_checklist(
    work: Work, member: Member, template: ChecklistTemplate, start_on: date, country: str
) -> list[ChecklistItem]:
    """Put a template on a person; asks for no right."""
    running = select(ChecklistItem.id).where(
        ChecklistItem.member_id == member.id,
        ChecklistItem.template_id == template.id,
        col(ChecklistItem.done_at).is_(None),
    )
    if await work.first(running):
        raise Conflict(
            _('The checklist {checklist} runs on {name} already.', checklist=template.name, name=member.name)
        )
    made = []
    for item in await work.all(_items_of(template.id)):
        if item.position_id is not None:
            await work.find(Position, item.position_id)
        due = working_day(start_on, item.day_offset, holidays_of(country, start_on, item.day_offset))
        made.append(
            work.add(
                ChecklistItem(
                    member_id=member.id, kind=template.kind, template_id=template.id, order=item.order,
                    title=item.title, owner=item.owner, position_id=item.position_id, due_on=due,
                    is_required=item.is_required,
                )
            )
        )  # fmt: skip
    await work.flush()
    return made


@query(VIEW)
async def list_checklist(work: Work, member_id: UUID) -> list[ItemRow]:
    """Return the items on a person, by day: all for who sees the file, else what the actor is to do. Raises Denied."""
    seen = await sight(work)
    member = await visible_member(work, member_id, seen)
    items = select(ChecklistItem).where(ChecklistItem.member_id == member_id)
    rows = await work.all(items.order_by(col(ChecklistItem.due_on), col(ChecklistItem.order)))
    shown = await _shown(work, [(row, member) for row in rows], seen)
    if not seen.sees(Level.FILE, member_id):
        shown = [row for row in shown if row.may_tick]
        if not shown:
            raise Denied('You may not see this checklist: nothing in it is yours to do.')
    return shown


@service(SIGNED_IN)
async def tick_item(work: Work, item_id: UUID, *, done: bool = True, version: int | None = None) -> ChecklistItem:
    """Note that an item is done, or not after all. Raises Denied unless the actor does it or keeps the file."""
    item = await work.get(ChecklistItem, item_id, version)
    seen = await sight(work)
    member = await visible_member(work, item.member_id, seen)
    if not (await _shown(work, [(item, member)], seen))[0].may_tick:
        raise Denied('This item is not yours. Those who keep files can tick it.')
    if not done:
        item.done_at = item.done_by_id = None
    elif item.done_at is None:
        item.done_at, item.done_by_id = work.now, work.actor.account_id
    return item


async def _shown(work: Work, rows: Any, seen: Sight) -> list[ItemRow]:
    names = {row.id: row.name for row in await work.all(select(Position))}
    mine: Any = (belongs_to(PositionHolding.member_id, work.actor.member_id), *in_force(seen.today))
    held = set(await work.all(select(PositionHolding.position_id).where(*mine)))
    ids = {member.id for item, member in rows if item.owner is ItemOwner.MANAGER}
    led = sa.select(col(JobChange.member_id), col(JobChange.manager_id)).where(in_force_job(seen.today))
    bosses = dict(await work.all(led.where(col(JobChange.member_id).in_(ids)))) if ids else {}
    shown = []
    for item, member in rows:
        own = (
            (item.owner is ItemOwner.PERSON and work.actor.owns(member.id))
            or (item.owner is ItemOwner.MANAGER and work.actor.owns(bosses.get(member.id)))
            or (item.owner is ItemOwner.MANAGER and member.id in seen.reports)
            or (item.owner is ItemOwner.POSITION and item.position_id in held)
        )
        owner = {
            ItemOwner.PERSON: member.name, ItemOwner.MANAGER: str(ItemOwner.MANAGER.label),
            ItemOwner.POSITION: names.get(item.position_id) or str(ItemOwner.POSITION.label),
        }[item.owner]  # fmt: skip
        shown.append(
            ItemRow(
                item.id, member.id, member.name, item.kind, item.title, owner, item.due_on, item.is_required,
                item.done_at is not None, item.done_at is None and item.due_on < seen.today,
                own or seen.may_edit(member.id), item.version,
            )
        )  # fmt: skip
    return shown


# Working days


def holidays_of(country: str, start_on: date, day_offset: int) -> Container[date]:
    """Return the public holidays of a country around a day; none for a country that is unknown or not set."""
    if not country:
        return frozenset()
    import holidays

    reach = timedelta(days=abs(day_offset) * 2 + 30)
    years = range((start_on - reach).year, (start_on + reach).year + 1)
    try:
        return frozenset(holidays.country_holidays(country, years=years))
    except NotImplementedError:
        return frozenset()


def working_day(start_on: date, offset: int, free: Container[date]) -> date:
    """Return the day so many working days after a day, or before it; weekends and holidays do not count.

    An offset of 0 is the day itself when it is a working day, else the next one.
    """
    step = timedelta(days=-1 if offset < 0 else 1)
    day = start_on
    while offset == 0 and not _is_working(day, free):
        day += step
    left = abs(offset)
    while left:
        day += step
        left -= _is_working(day, free)
    return day


def _is_working(day: date, free: Container[date]) -> bool:
    return day.weekday() < 5 and day not in free


@domain.on(OrganizationCreated)
async def seed_checklists(work: Work, _event: OrganizationCreated) -> None:
    """Give a new organization a checklist for joining and one for leaving."""
    seeds: dict[ChecklistKind, tuple[tuple[str, ItemOwner, int], ...]] = {
        ChecklistKind.JOINING: (
            ('Show around and introduce', ItemOwner.MANAGER, 0),
            ('Check name, birth date and address', ItemOwner.PERSON, 1),
            ('Add emergency contacts', ItemOwner.PERSON, 2),
            ('Copy licences and certificates', ItemOwner.MANAGER, 5),
        ),
        ChecklistKind.LEAVING: (
            ('Hand over open work', ItemOwner.PERSON, -5), ('Return gear, keys and radio', ItemOwner.PERSON, 0),
            ('Talk about the time here', ItemOwner.MANAGER, -2),
        ),
    }  # fmt: skip
    for kind, items in seeds.items():
        template = work.add(ChecklistTemplate(kind=kind, name=kind.value.capitalize()))
        await work.flush()
        for order, (title, owner, offset) in enumerate(items):
            work.add(
                ChecklistTemplateItem(template_id=template.id, order=order, title=title, owner=owner, day_offset=offset)
            )
    await work.flush()


async def template_of(work: Work, template_id: UUID | None, kind: ChecklistKind) -> ChecklistTemplate | None:
    """Return a template of a kind, or None when none is asked for. Raises NotFound for one of another kind."""
    if template_id is None:
        return None
    template = await work.get(ChecklistTemplate, template_id)
    if template.kind is not kind:
        raise NotFound(NO_SUCH[kind])
    return template
