"""What of people's files waits: what expires, what a checklist asks, changes to decide, people to anonymise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from data.identity import PositionHolding, TwoPersonRequest
from data.members import (
    ChecklistItem,
    ItemOwner,
    JobChange,
    Licence,
    Member,
    MemberDocument,
    MemberStatus,
    ProfileChange,
    ProfileChangeStatus,
)
from data.notifications import RefusedAddress
from logic.core import waiting
from logic.core.formats import day_text
from logic.core.language import _, many
from logic.core.waiting import Found, Kind, Said
from logic.core.work import Work
from logic.identity import two_person
from logic.identity.positions import in_force
from logic.members.archive import REQUEST
from logic.members.domain import ANONYMISE, APPROVE_CHANGES, EDIT, MANAGE_REPORTS, VIEW_FILES
from logic.members.profile_changes import wishes
from logic.members.reaching import goes_nowhere
from logic.members.visibility import in_force as job_in_force
from logic.members.visibility import reports_of


def _expiring(_may: waiting.May) -> Any:
    sources: tuple[tuple[Any, Any], ...] = ((Licence, Licence.kind), (MemberDocument, MemberDocument.title))
    parts = []
    for table, name in sources:
        late = col(table.expires_on) < waiting.TODAY
        part = waiting.rows('expiry', col(table.expires_on), id=col(table.id), is_late=late, title=col(name))
        parts.append(part.where(col(table.member_id) == waiting.ME, *_runs_out(table)))
    return sa.select(sa.union_all(*parts).subquery())


def _runs_out(table: Any) -> tuple[sa.ColumnElement[bool], ...]:
    kept = (col(MemberDocument.deleted_at).is_(None),) if table is MemberDocument else ()
    ours = col(table.organization_id) == waiting.OURS
    return ours, col(table.superseded_by_id).is_(None), col(table.expires_on) <= waiting.SOON, *kept


async def _say_expiring(work: Work, found: Sequence[Found], today: date) -> list[Said]:
    href = f'/members/{work.actor.member_id}?tab=documents'
    return [Said(_when(one.title, one.day, today), _('Add the renewal to your file'), href) for one in found]


def _when(title: str, expires_on: date, today: date) -> str:
    days = (expires_on - today).days
    if days < -1:
        return many('{title} expired {count} day ago', '{title} expired {count} days ago', -days, title=title)
    if days > 1:
        return many('{title} expires in {count} day', '{title} expires in {count} days', days, title=title)
    if days < 0:
        return _('{title} expired yesterday', title=title)
    return _('{title} expires tomorrow', title=title) if days else _('{title} expires today', title=title)


def _expiring_of_others(may: waiting.May) -> Any:
    """One row for all that `list_expiring` finds without a filter, but for one's own."""
    whose: Any = sa.true()
    if not (may(VIEW_FILES) or may(EDIT)):
        if not may(MANAGE_REPORTS):
            return None
        whose = col(Member.id).in_(reports_of(waiting.ME, waiting.TODAY, waiting.OURS))
    here = (col(Member.archived_at).is_(None), col(Member.status) != MemberStatus.LEFT)
    tables: tuple[Any, ...] = (Licence, MemberDocument)
    every = sa.union_all(*(
        sa.select(col(table.expires_on))
        .join(Member, col(Member.id) == table.member_id)
        .where(col(Member.id).is_distinct_from(waiting.ME), whose, *here, *_runs_out(table))
        for table in tables
    )).subquery()  # fmt: skip
    day = every.c.expires_on
    expired = sa.func.coalesce(sa.func.sum(sa.case((day < waiting.TODAY, 1), else_=0)), 0)
    sums = sa.select(
        sa.func.min(day).label('day'), expired.label('expired'), (sa.func.count() - expired).label('soon')
    ).select_from(every).subquery()  # fmt: skip
    title, detail = (sa.cast(number, sa.String(20)) for number in (sums.c.soon, sums.c.expired))
    rows = waiting.rows('expiry_of_others', sums.c.day, is_late=sums.c.expired > 0, title=title, detail=detail)
    return rows.where(sums.c.day.is_not(None))


async def _say_expiring_of_others(_work: Work, found: Sequence[Found], _today: date) -> list[Said]:
    said = []
    for one in found:
        soon, expired = int(one.title), int(one.detail)
        expires = many(
            '{count} licence or paper of others expires soon', '{count} licences and papers of others expire soon', soon
        )
        has_expired = many(
            '{count} licence or paper of others has expired', '{count} licences and papers of others have expired',
            expired,
        )  # fmt: skip
        texts = [text for text, number in ((has_expired, expired), (expires, soon)) if number]
        said.append(Said(texts[0], ''.join(texts[1:]), '/members/expiring'))
    return said


def _checklist(_may: waiting.May) -> Any:
    me, today, item = waiting.ME, waiting.TODAY, ChecklistItem
    positions = select(PositionHolding.position_id).where(PositionHolding.member_id == me, *in_force(today))
    reports = select(JobChange.member_id).where(JobChange.manager_id == me, job_in_force(today))
    mine = sa.or_(
        sa.and_(col(item.owner) == ItemOwner.PERSON, col(item.member_id) == me),
        sa.and_(col(item.owner) == ItemOwner.MANAGER, col(item.member_id).in_(reports)),
        sa.and_(col(item.owner) == ItemOwner.POSITION, col(item.position_id).in_(positions)),
    )
    late = col(item.due_on) < today
    rows = waiting.rows('checklist', col(item.due_on), id=col(item.id), is_late=late, title=col(item.title), about=True)
    return rows.join(Member, col(Member.id) == item.member_id).where(
        col(item.organization_id) == waiting.OURS, col(item.done_at).is_(None), mine
    )


async def _say_checklist(_work: Work, found: Sequence[Found], _today: date) -> list[Said]:
    return [
        Said(
            one.title,
            _('{name}, due {day}', name=one.name, day=day_text(one.day)),
            f'/members/{one.member_id}?tab=checklists',
        )
        for one in found
    ]


def _changes(may: waiting.May) -> Any:
    if not may(APPROVE_CHANGES):
        return None
    asked = col(ProfileChange.created_at)
    rows = waiting.rows('change', asked, id=col(ProfileChange.id), about=True)
    return rows.join(Member, col(Member.id) == ProfileChange.member_id).where(
        col(ProfileChange.organization_id) == waiting.OURS, col(Member.id) != waiting.ME,
        ProfileChange.status == ProfileChangeStatus.PENDING,
        col(ProfileChange.requested_by_id).is_distinct_from(waiting.ACCOUNT),
    )  # fmt: skip


async def _say_changes(work: Work, found: Sequence[Found], _today: date) -> list[Said]:
    asked = {wish.id: wish for wish in await wishes(work, [one.id for one in found if one.id])}
    said = []
    for one in found:
        wish = asked[one.id] if one.id else None
        assert wish is not None
        old, new = (_readable(wish.field, value) for value in (wish.before, wish.after))
        would = _('{field}: {old} → {new}', field=wish.label, old=old or '–', new=new)
        detail = f'{would} ({wish.reason})' if wish.reason else would
        said.append(Said(_('{name} asks for a change', name=wish.member_name), detail, '/members/changes'))
    return said


def _readable(field: str, value: str) -> str:
    return day_text(date.fromisoformat(value)) if field == 'birth_on' and value else value


def _anonymising(may: waiting.May) -> Any:
    return two_person.undecided('anonymise', REQUEST) if may(ANONYMISE) else None


async def _say_anonymising(_work: Work, found: Sequence[Found], _today: date) -> list[Said]:
    return [Said(_('Anonymise {name}?', name=one.name), one.more, f'/members/{one.member_id}') for one in found]


def _bounced(may: waiting.May) -> Any:
    if not may(EDIT):
        return None
    refused = col(RefusedAddress.refused_at)
    rows = waiting.rows('address', refused, id=col(RefusedAddress.id), detail=col(RefusedAddress.address), about=True)
    return rows.join(Member, goes_nowhere()).where(
        col(Member.organization_id) == waiting.OURS, col(Member.archived_at).is_(None)
    )


async def _say_bounced(_work: Work, found: Sequence[Found], _today: date) -> list[Said]:
    return [
        Said(_('E-mail to {name} comes back', name=one.name), one.detail, f'/members/{one.member_id}') for one in found
    ]


waiting.register(Kind('expiry', _expiring, _say_expiring, (Licence, MemberDocument)))
waiting.register(Kind('expiry_of_others', _expiring_of_others, _say_expiring_of_others, (Licence, MemberDocument)))
waiting.register(Kind('checklist', _checklist, _say_checklist, (ChecklistItem, JobChange, PositionHolding)))
waiting.register(Kind('change', _changes, _say_changes, (ProfileChange,)))
waiting.register(Kind('anonymise', _anonymising, _say_anonymising, (TwoPersonRequest,)))
waiting.register(Kind('address', _bounced, _say_bounced, (RefusedAddress,)))
