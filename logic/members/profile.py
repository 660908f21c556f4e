"""Adding people and changing who they are and how to reach them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.core import new_id
from data.departments import MembershipType, Station
from data.files import StoredFile
from data.members import Member, MemberStatus, StatusChange
from data.organizations import Company
from logic.core.errors import Denied, Invalid
from logic.core.language import _, later
from logic.core.service import query, service
from logic.core.wording import inside
from logic.core.work import Work
from logic.members.domain import ADD, APPROVE_CHANGES, VIEW, VIEW_PRIVATE, MemberAdded
from logic.members.holders import others_with
from logic.members.inputs import (
    OWN_FIELDS,
    PRIVATE_FIELDS,
    WISHED_FIELDS,
    MemberInput,
    ProfileInput,
    check_person,
    normal_fields,
)
from logic.members.job_changes import check_references, put, refuse_circle
from logic.members.names import PHONE_FIELDS, index_names
from logic.members.numbers import kept_former, next_number
from logic.members.visibility import Level, Sight, sight, visible_member

REFERENCES: dict[str, Any] = {
    'membership_type_id': MembershipType,
    'station_id': Station,
    'company_id': Company,
    'photo_file_id': StoredFile,
}


PHOTO = 'MemberPhoto'
"""The kind of owner of a person's photo."""
DECISIVE_FIELDS = frozenset({'first_name', 'last_name', 'preferred_name', 'birth_on', 'joined_on'})
"""The fields that may contradict each other."""
TAKEN = {
    'email': later('{name} ({number}) has this e-mail address already.'),
    'number': later('{name} ({number}) has this number already.'),
}
TAKEN_BY_ARCHIVED = {
    'email': later('{name} ({number}), whose record is archived, has this e-mail address already.'),
    'number': later('{name} ({number}), whose record is archived, has this number already.'),
}
TAKEN_BY_SOMEBODY = {
    'email': later('Somebody has this e-mail address already.'),
    'number': later('Somebody has this number already.'),
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody who may be the same person, and why."""

    member_id: UUID
    name: str
    number: str
    why: str
    is_archived: bool


@service(ADD)
async def add_member(work: Work, data: MemberInput) -> Member:
    """Add a person, with the next number unless one is given, and tell the other domains.

    Raises Invalid with a sentence for each field, also when somebody has the same e-mail or number.
    """
    seen = await sight(work)
    if data.status is MemberStatus.LEFT:
        raise Invalid('Add the person first.', {'status': 'Add the person first, then record the leaving.'})
    fields = ProfileInput.model_fields.keys() & data.model_fields_set
    values = normal_fields({name: getattr(data, name) for name in fields}, seen.country)
    await _refuse_taken(work, values, None)
    await load_references(work, values, None)
    job = data.job().given()
    await check_references(work, job)
    values['number'] = values.get('number') or await next_number(work)
    since = min(data.joined_on or seen.today, seen.today)
    member = Member(id=new_id(), status=data.status, status_since_on=since, **values)
    check_person(member, seen.today)
    index_names(member)
    work.add(member)
    await work.flush()
    await refuse_circle(work, member, job.get('manager_id'), since, None)
    work.add(StatusChange(member_id=member.id, on=since, after=data.status, by_account_id=work.actor.account_id))
    put(work, member.id, [], since, job)
    await work.flush()
    await work.emit(MemberAdded(member.id))
    return member


@service(VIEW)
async def update_member(work: Work, member_id: UUID, data: ProfileInput, version: int | None = None) -> Member:
    """Change the given fields of a person. Raises Denied for fields that he may not change, Invalid, Conflict.

    The person changes his contact data himself; legal name and birth date of his own he asks for, and another approves.
    """
    seen = await sight(work)
    member = await visible_member(work, member_id, seen, version)
    asked = {name: getattr(data, name) for name in data.model_fields_set}
    given = normal_fields(asked, member.country or seen.country)
    changes = {name: value for name, value in given.items() if getattr(member, name) != value}
    if not changes:
        return member
    await require_fields(work, seen, member, set(changes))
    await set_profile(work, member, changes, seen.today)
    return member


async def set_profile(work: Work, member: Member, changes: dict[str, Any], today: date) -> None:
    """Write checked and normal fields to a member. Raises Invalid; asks for no right."""
    if 'number' in changes and not changes['number']:
        raise Invalid('A number is needed.', {'number': 'Every person has a number.'})
    await _refuse_taken(work, changes, member.id)
    await load_references(work, changes, member.id)
    if 'number' in changes:
        member.former_number = kept_former(member.former_number, member.number)
    for name, value in changes.items():
        setattr(member, name, value)
    # A contradiction that came with an import must not bar a change of something else.
    if changes.keys() & DECISIVE_FIELDS:
        check_person(member, today)
    index_names(member)
    await work.flush()


@query(ADD)
async def find_duplicates(work: Work, data: ProfileInput) -> list[Duplicate]:
    """Return who may be the same person: same name and birth date, or same phone (rule 4); ten at most.

    Only what the actor sees of a person is compared, so that no guess of his is confirmed (rule 5 of identity): without
    the right to private data the same name is enough, and a phone counts where it is shown to him.
    """
    seen = await sight(work)
    try:
        phone = normal_fields({'phone': data.phone, 'country': data.country}, seen.country)['phone']
    except Invalid:
        phone = ''
    alike: dict[str, sa.ColumnElement[bool]] = {}
    if phone:
        called_up = (sa.and_(col(getattr(Member, name)) == phone, seen.contact_clause(name)) for name in PHONE_FIELDS)
        alike[_('same phone')] = sa.or_(*called_up)
    probe = Member(number='', status_since_on=seen.today, first_name=data.first_name, last_name=data.last_name)
    index_names(probe)
    named = col(Member.sort_name) == probe.sort_name
    if probe.sort_name and not work.actor.may(VIEW_PRIVATE):
        alike[_('same name')] = named
    elif probe.sort_name and data.birth_on is not None:
        alike[_('same name and birth date')] = sa.and_(named, col(Member.birth_on) == data.birth_on)
    others = select(Member).where(col(Member.merged_into_id).is_(None))
    if not seen.sees_archived:
        others = others.where(col(Member.archived_at).is_(None))
    found: dict[UUID, Duplicate] = {}
    for why, same in alike.items():
        for one in await work.all(others.where(same).order_by(Member.sort_name).limit(10)):
            duplicate = Duplicate(one.id, one.name, one.number, why, one.archived_at is not None)
            found.setdefault(one.id, duplicate)
    return list(found.values())[:10]


async def editable(work: Work, seen: Sight, member: Member, fields: Collection[str]) -> set[str]:
    """Return those of some profile fields that the actor may change of a member (rule 7)."""
    levels = {name: Level.PRIVATE if name in PRIVATE_FIELDS else Level.FILE for name in fields}
    allowed = {name for name, level in levels.items() if seen.may_edit_level(level, member.id)}
    if seen.is_self(member.id):
        allowed |= OWN_FIELDS & levels.keys()
    wished = WISHED_FIELDS & levels.keys()
    if wished and seen.is_own(member.id):
        decides = seen.may_edit(member.id) and not await others_with(work, APPROVE_CHANGES)
        allowed = allowed | wished if decides else allowed - wished
    return allowed


async def require_fields(work: Work, seen: Sight, member: Member, fields: Collection[str]) -> None:
    """Raise Denied unless the actor may change all of some profile fields of a member (rule 7)."""
    refused = set(fields) - await editable(work, seen, member, fields)
    if not refused:
        return
    if seen.is_own(member.id) and (wished := refused & WISHED_FIELDS):
        refusal = _('Your own {fields} cannot be changed directly.', fields=', '.join(labels(wished)))
        raise Denied(refusal + ' ' + _('Ask for this change on your profile; somebody else approves it.'))
    if private := refused & PRIVATE_FIELDS:
        named = ', '.join(labels(private))
        raise Denied(_('You may not change {fields}. Those who may edit private data can.', fields=named))
    seen.require_edit(member)


def labels(fields: set[str] | frozenset[str]) -> list[str]:
    """Return the labels of profile fields, in the order of the form, as they stand inside a sentence."""
    return [inside(field.title or '') for name, field in ProfileInput.model_fields.items() if name in fields]


async def load_references(work: Work, values: dict[str, Any], member_id: UUID | None) -> None:
    """Load what a profile names. Raises NotFound for what is not ours, Invalid for what is archived or another's."""
    for name, model in REFERENCES.items():
        if values.get(name) is None:
            continue
        row = await work.get(model, values[name])
        if getattr(row, 'archived_at', None) is not None or getattr(row, 'is_archived', False):
            why = _('{name} is archived. Choose another one.', name=row.name)
            raise Invalid('Some of this is no longer in use.', {name: why})
        # The next photo removes this one, and wiping the person does.
        if isinstance(row, StoredFile) and (row.owner_type, row.owner_id) != (PHOTO, member_id):
            raise Invalid('This is no photo of this person.', {name: 'Send the photo for this person.'})


async def _refuse_taken(work: Work, values: dict[str, Any], member_id: UUID | None) -> None:
    """Raise Invalid when another member has this e-mail or number (rule 4)."""
    wrong: dict[str, str] = {}
    for name in ('email', 'number'):
        if not values.get(name):
            continue
        statement = select(Member).where(col(getattr(Member, name)) == values[name])
        other = await work.first(statement if member_id is None else statement.where(Member.id != member_id))
        if other is not None:
            seen = await sight(work)
            known = other.archived_at is None or seen.sees_archived
            told = known and (name == 'number' or 'email' in seen.contacts(other))
            wrong[name] = taken_sentence(other, name) if told else _(TAKEN_BY_SOMEBODY[name])
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)


def taken_sentence(other: Member, field: str) -> str:
    """Return the sentence that says who has an e-mail address (`email`) or number (`number`) already."""
    sentences = TAKEN if other.archived_at is None else TAKEN_BY_ARCHIVED
    return _(sentences[field], name=other.name, number=other.number)
