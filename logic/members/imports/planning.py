"""The dry run: what each row of a file would do to the directory, and why some are refused."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from data.custom_fields import CustomValue
from data.departments import Department, MembershipType, Rank, Station
from data.members import JobChange, Member, MemberStatus, MemberTag, Tag
from data.organizations import Company, Organization
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.core.work import Work
from logic.members.domain import APPROVE_CHANGES, CHANGE_STATUS, EDIT_PRIVATE, VIEW_PRIVATE
from logic.members.holders import others_with
from logic.members.imports.columns import FIELD, Target
from logic.members.imports.parsing import Fault, ImportOptions, ParsedRow, Reading, parse_rows
from logic.members.inputs import CONTACT_FIELDS, HIDING_FIELDS, PRIVATE_FIELDS, WISHED_FIELDS
from logic.members.names import fold
from logic.members.profile import TAKEN_BY_SOMEBODY
from logic.members.statuses import ALLOWED
from logic.members.visibility import in_force, sight

CHUNK = 40
"""Rows that are planned in one go: some 12 ms, so that nobody waits."""
READ = 500
"""How many rows are handled before others get their turn: a chunk stays far below 50 ms."""
NAMED: dict[str, tuple[Any, str]] = {
    'department': (Department, 'department_id'),
    'rank': (Rank, 'rank_id'),
    'membership_type': (MembershipType, 'membership_type_id'),
    'station': (Station, 'station_id'),
    'company': (Company, 'company_id'),
}
UNKNOWN = {
    'department': later('There is no department named "{name}".'),
    'rank': later('There is no rank named "{name}".'),
    'membership_type': later('There is no membership type named "{name}".'),
    'station': later('There is no station named "{name}".'),
    'company': later('There is no company named "{name}".'),
}
HIDDEN = '•••'
"""In place of a private value: each view of one is audited, and a dry run writes nothing."""
JOB_FIELDS = ('department_id', 'manager_id', 'rank_id', 'title')
PROFILE_FIELDS = (
    'number', 'first_name', 'last_name', 'preferred_name', 'email', 'personal_email', 'phone', 'home_phone', 'street',
    'city', 'postcode', 'region', 'country', 'birth_on', 'joined_on', 'left_on', 'status', 'employment_type',
    'membership_type_id', 'station_id', 'company_id', 'notes',
)  # fmt: skip


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = 'new'
    UPDATE = 'update'
    SAME = 'same'
    REFUSED = 'refused'


@dataclass(slots=True)
class RowFate:
    """What becomes of one row: the fields that change, or the faults for which it is refused."""

    line: int
    name: str
    number: str
    fate: Fate = Fate.SAME
    member_id: UUID | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    """What looks wrong but is taken as the file says it."""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Field to (old, new); references as ids, or as the name of what is still to be made."""
    manager: 'RowFate | None' = None
    """The row of the manager, when he comes with the same file."""
    names: Mapping[UUID, str] = field(default_factory=dict)
    """What the ids among the changes are called."""

    def shown(self, targets: Mapping[str, Target]) -> dict[str, tuple[str, str]]:
        """The changes as a person reads them: label to (old, new). What is private now stays hidden."""
        return {
            str(targets[name.removesuffix('_id')].label): (
                HIDDEN if old and _is_private(name, targets) else self._readable(old), self._readable(new))
            for name, (old, new) in self.changes.items()
        }  # fmt: skip

    def _readable(self, value: Any) -> str:
        if isinstance(value, tuple):
            return ', '.join(value)
        if isinstance(value, date):
            return day_text(value)
        return self.names.get(value, '') if isinstance(value, UUID) else str(getattr(value, 'label', value) or '')


def _is_private(name: str, targets: Mapping[str, Target]) -> bool:
    own = targets[name].field if name in targets else None
    return name in PRIVATE_FIELDS or (own is not None and own.is_private)


@dataclass(slots=True)
class ImportPlan:
    """The dry run of a whole file."""

    reading: Reading
    rows: list[RowFate]
    missing: dict[str, list[str]]
    """Noun to the names that the import makes: `{'department': ['Fleet']}`."""

    def count(self, fate: Fate) -> int:
        """How many rows have a fate."""
        return sum(row.fate is fate for row in self.rows)


@dataclass(slots=True)
class Stored:
    """A member as the directory has him."""

    id: UUID
    values: dict[str, Any]
    hidden: frozenset[str]
    """Mail addresses and phones that the actor does not see."""


Progress = Callable[[int, int], None]
"""Called with (done, total) while it goes on."""


async def plan_rows(
    work: Work, reading: Reading, options: ImportOptions, progress: Progress | None = None
) -> ImportPlan:
    """Compare a file with the directory. Reads in chunks, so that nobody waits for it."""
    organization = await work.get(Organization, work.organization_id)
    settings = organization.settings
    today = work.now.astimezone(ZoneInfo(organization.zone)).date()
    planner = _Planner(reading, options, today)
    await planner.load(work)
    parsed = parse_rows(reading, organization.country, settings.member_number_digits, settings.member_number_prefix)
    total = len(reading.table.rows)
    for done, row in enumerate(parsed, 1):
        planner.place(row)
        if done % CHUNK == 0:
            if progress is not None:
                progress(done, total)
            await asyncio.sleep(0)
    await planner.resolve_managers()
    return ImportPlan(reading, planner.fates, {noun: names for noun, names in planner.missing.items() if names})


class _Planner:
    def __init__(self, reading: Reading, options: ImportOptions, today: date) -> None:
        self._reading, self._options, self._today = reading, options, today
        self.fates: list[RowFate] = []
        self.missing: dict[str, list[str]] = {noun: [] for noun in NAMED}
        self._ids: dict[str, dict[str, UUID]] = {}
        self._names: dict[UUID, str] = {}
        self._by_number: dict[str, Stored] = {}
        self._by_email: dict[str, Stored] = {}
        self._by_name: dict[str, list[Stored]] = {}
        self._by_id: dict[UUID, Stored] = {}
        self._bosses: set[UUID | None] = set()
        self._lines: dict[tuple[str, str], int] = {}
        self._rows_by_member: dict[UUID, RowFate] = {}
        self._rows_by_number: dict[str, RowFate] = {}
        self._managers: list[tuple[RowFate, str]] = []
        self._may_private = self._may_status = False
        self._tags: dict[str, str] = {}
        """Folded names of tags to their names."""
        self._is_own: Callable[[UUID], bool] = lambda _: False
        """Whether a record is the actor's own, and somebody else has to approve what he wishes to change in it."""

    async def load(self, work: Work) -> None:
        """Read the directory, the names of units, ranks and the like, and what the actor may change."""
        may = work.actor.may
        self._may_private, self._may_status = may(VIEW_PRIVATE) and may(EDIT_PRIVATE), may(CHANGE_STATUS)
        if await others_with(work, APPROVE_CHANGES):
            self._is_own = work.actor.is_member
        for noun, (table, _column) in NAMED.items():
            known = dict(await work.all(select(table.id, table.name)))
            self._names |= known
            self._ids[noun] = {fold(name): row_id for row_id, name in known.items()}
        known_tags = await work.all(select(Tag.name).where(Tag.record == 'Member'))
        self._tags = {fold(name): name for name in known_tags}
        columns: list[Any] = [Member.id, *(getattr(Member, name) for name in PROFILE_FIELDS)]
        columns += [getattr(JobChange, name) for name in JOB_FIELDS]
        columns.append(col(Member.archived_at).is_not(None).label('is_archived'))
        columns += [getattr(Member, name) for name in HIDING_FIELDS]
        names = (*PROFILE_FIELDS, *JOB_FIELDS, 'is_archived')
        seen = await sight(work)
        last: UUID | None = None
        while True:
            statement = (
                sa.select(*columns)
                .join(JobChange, (col(JobChange.member_id) == Member.id) & in_force(self._today), isouter=True)
                .where(col(Member.merged_into_id).is_(None), col(Member.anonymised_at).is_(None))
                .order_by(col(Member.id))
                .limit(READ)
            )
            rows = await work.all(statement if last is None else statement.where(col(Member.id) > last))
            for row in rows:
                values = dict(zip(names, row[1 : len(names) + 1], strict=True))
                self._remember(Stored(row.id, values, CONTACT_FIELDS - seen.contacts(row)))
            await self._load_extras(work, [row[0] for row in rows])
            if len(rows) < READ:
                return
            last = rows[-1][0]

    async def _load_extras(self, work: Work, ids: list[UUID]) -> None:
        """Read the tags and own fields of people, of those that the file speaks of."""
        mapped = self._reading.mapping.values()
        if fields := [UUID(name.removeprefix(FIELD)) for name in mapped if name.startswith(FIELD)]:
            valued = sa.select(col(CustomValue.record_id), col(CustomValue.field_id), col(CustomValue.value))
            theirs = valued.where(col(CustomValue.field_id).in_(fields), col(CustomValue.record_id).in_(ids))
            for member_id, field_id, value in await work.all(theirs):
                self._by_id[member_id].values[f'{FIELD}{field_id}'] = value
        if 'tags' in mapped:
            carried = sa.select(col(MemberTag.member_id), col(Tag.name)).join(Tag, col(Tag.id) == MemberTag.tag_id)
            for member_id, name in await work.all(carried.where(col(MemberTag.member_id).in_(ids)).order_by(Tag.name)):
                values = self._by_id[member_id].values
                values['tags'] = (*values.get('tags', ()), name)

    def _remember(self, stored: Stored) -> None:
        values = stored.values
        values['title'] = values['title'] or ''
        self._bosses.add(values['manager_id'])
        self._by_id[stored.id] = stored
        self._names[stored.id] = f'{values["preferred_name"] or values["first_name"]} {values["last_name"]}'.strip()
        self._by_number[fold(values['number'])] = stored
        if values['email']:
            self._by_email[values['email']] = stored
        name = fold(f'{values["preferred_name"] or values["first_name"]} {values["last_name"]}'.strip())
        self._by_name.setdefault(name, []).append(stored)

    def place(self, row: ParsedRow) -> None:
        """Decide what becomes of a row, but for its manager."""
        values = row.values
        name = ' '.join(values[part] for part in ('first_name', 'last_name') if values.get(part))
        fate = RowFate(row.line, name, values.get('number', ''), faults=row.faults, names=self._names)
        self.fates.append(fate)
        stored = self._match(fate, values)
        self._refuse_repeated(fate, values)
        changes = self._named(fate, values)
        changes.update({key: values[key] for key in (*PROFILE_FIELDS, 'title') if key in values})
        changes.update({key: value for key, value in values.items() if key.startswith(FIELD)})
        self._check_dates(fate, values, stored)
        before = stored.values if stored else {}
        if 'tags' in values:
            changes['tags'] = self._tagged(fate, values['tags'], before.get('tags', ()))
        if stored is not None:
            fate.member_id = stored.id
            self._rows_by_member[stored.id] = fate
            self._check_status(fate, values.get('status'), stored)
            self._leave_out(fate, changes, stored)
            if before['is_archived']:
                fate.faults.append(
                    Fault(self._reading.column('number'), _('This person is archived. Restore the record first.'))
                )
        fate.changes = {key: (before.get(key), new) for key, new in changes.items() if before.get(key) != new}
        if fate.number:
            self._rows_by_number.setdefault(fold(fate.number), fate)
        if manager := values.get('manager'):
            self._managers.append((fate, manager))
        self._settle(fate)

    def _settle(self, fate: RowFate) -> None:
        if fate.faults:
            fate.fate = Fate.REFUSED
        elif fate.member_id is None:
            fate.fate = Fate.NEW
        else:
            fate.fate = Fate.UPDATE if fate.changes else Fate.SAME

    def _match(self, fate: RowFate, values: dict[str, Any]) -> Stored | None:
        """Find who the row is about: by number, then by e-mail (spec of members)."""
        by_number = self._by_number.get(fold(values['number'])) if values.get('number') else None
        by_email = self._by_email.get(values['email']) if values.get('email') else None
        if by_email is not None and 'email' in by_email.hidden:
            by_email = None
            if by_number is None or 'email' not in by_number.hidden:  # else it is left out, whatever it is
                fate.faults.append(Fault(self._reading.column('email'), _(TAKEN_BY_SOMEBODY['email'])))
        if by_number is not None and by_email is not None and by_number is not by_email:
            whose = f'{by_email.values["first_name"]} {by_email.values["last_name"]}'.strip()
            fate.faults.append(
                Fault(
                    self._reading.column('email'),
                    _('This e-mail is the one of {name} ({number}).', name=whose, number=by_email.values['number']),
                )
            )
        if by_number is not None and by_email is None and _is_somebody_else(values, by_number):
            whose = f'{by_number.values["first_name"]} {by_number.values["last_name"]}'.strip()
            number = by_number.values['number']
            reason = _(
                'The number {number} is the one of {name}, with another name and e-mail.', number=number, name=whose
            )
            fate.faults.append(Fault(self._reading.column('number'), reason))
        return by_number or by_email

    def _refuse_repeated(self, fate: RowFate, values: dict[str, Any]) -> None:
        """Two rows of a file with one number or e-mail: the first counts, the second is refused."""
        for name in ('number', 'email'):
            if not values.get(name):
                continue
            first = self._lines.setdefault((name, fold(values[name])), fate.line)
            if first != fate.line:
                fate.faults.append(
                    Fault(
                        self._reading.column(name),
                        _('"{text}" stands in line {line} already.', text=values[name], line=first),
                    )
                )

    def _named(self, fate: RowFate, values: dict[str, Any]) -> dict[str, Any]:
        """Turn names of units, ranks and the like into ids; what does not exist yet is made, or refused."""
        found: dict[str, Any] = {}
        for noun, (_table, column) in NAMED.items():
            name = values.get(noun)
            if not name:
                continue
            if (known := self._ids[noun].get(fold(name))) is not None:
                found[column] = known
            elif not self._options.create_missing or len(name) > 80:
                fate.faults.append(Fault(self._reading.column(noun), _(UNKNOWN[noun], name=name[:80])))
            else:
                known_names = {fold(other): other for other in self.missing[noun]}
                if fold(name) not in known_names:
                    self.missing[noun].append(name)
                found[column] = known_names.get(fold(name), name)
        return found

    def _tagged(self, fate: RowFate, text: str, carried: tuple[str, ...]) -> tuple[str, ...]:
        """Return the tags that a person carries afterwards: the file adds to them. Unknown words refuse the row."""
        words = [text] if fold(text) in self._tags else re.split(r'[,;|]', text)
        asked = [word.strip() for word in words if word.strip()]
        for word in asked:
            if fold(word) not in self._tags:
                why = _(
                    'There is no tag named "{name}". Add it in Settings, Fields and tags, or take it out.',
                    name=word[:40],
                )
                fate.faults.append(Fault(self._reading.column('tags'), why))
        known = {self._tags[fold(word)] for word in asked if fold(word) in self._tags}
        return (*carried, *sorted(known - set(carried)))

    def _leave_out(self, fate: RowFate, changes: dict[str, Any], stored: Stored) -> None:
        """Take out what the actor may not change of a person who is there already, without telling what it is now."""
        targets = self._reading.targets
        for name in [name for name in changes if _is_private(name, targets)] if not self._may_private else ():
            del changes[name]
            why = _('Left out: you may not see and edit private data of people who are there already.')
            fate.warnings.append(Fault(self._reading.column(name), why))
        for name in stored.hidden & changes.keys():
            del changes[name]
            why = _('Left out: you may not see this of the person who is there already.')
            fate.warnings.append(Fault(self._reading.column(name), why))
        for name in WISHED_FIELDS & changes.keys() if self._is_own(stored.id) else ():
            if changes.pop(name) != stored.values[name]:
                why = _('Left out: ask for this change on your profile; somebody else approves it.')
                fate.warnings.append(Fault(self._reading.column(name), why))

    def _check_dates(self, fate: RowFate, values: dict[str, Any], stored: Stored | None) -> None:
        before = dict(stored.values) if stored else {}
        if not self._may_private:
            before.pop('birth_on', None)  # a warning would tell it, one guess after another
        born, joined, left = (values.get(n) or before.get(n) for n in ('birth_on', 'joined_on', 'left_on'))
        status = values.get('status') or before.get('status')
        if born and born > self._today:
            fate.faults.append(Fault(self._reading.column('birth_on'), _('This day is in the future.')))
        if born and joined and joined < born:
            fate.warnings.append(Fault(self._reading.column('joined_on'), _('This is before the birth date.')))
        if joined and left and left < joined:
            fate.faults.append(Fault(self._reading.column('left_on'), _('This is before the day of joining.')))
        if values.get('left_on') and values['left_on'] > self._today:
            fate.faults.append(
                Fault(
                    self._reading.column('left_on'),
                    _('This day is in the future. Plan the departure on the person’s page.'),
                )
            )
        elif values.get('left_on') and status is not MemberStatus.LEFT:
            fate.faults.append(
                Fault(self._reading.column('left_on'), _('There is a day of leaving, but the status is not "left".'))
            )

    def _check_status(self, fate: RowFate, after: MemberStatus | None, stored: Stored) -> None:
        before, column = stored.values['status'], self._reading.column('status')
        if after is None or after is before:
            return
        if not self._may_status:
            fate.faults.append(Fault(column, _('You may not change the status of people who are there already.')))
        elif after not in ALLOWED[before]:
            ways = ', '.join(str(status.label) for status in ALLOWED[before])
            fate.faults.append(Fault(column, _('{status} can become: {ways}.', status=before.label, ways=ways)))
        elif after is MemberStatus.LEFT and stored.id in self._bosses:
            reason = _(
                'People report to this person. Record the leaving on the person’s page, where others take them over.'
            )
            fate.faults.append(Fault(column, reason))

    # Managers: they may come with the same file, so they are found when all rows are placed.

    async def resolve_managers(self) -> None:
        """Find the managers; refuse unknown ones, refused ones, and circles, until nothing changes any more."""
        column = self._reading.column('manager')
        wanted: dict[int, tuple[RowFate, str]] = {id(fate): (fate, text) for fate, text in self._managers}
        for at, (fate, text) in enumerate(wanted.values(), 1):
            self._resolve(fate, text, column)
            if at % READ == 0:
                await asyncio.sleep(0)
        for fate in self._circles():
            fate.faults.append(Fault(column, _('The managers form a circle.')))
            self._settle(fate)
        changed = True
        while changed:
            changed = False
            await asyncio.sleep(0)
            for fate, text in wanted.values():
                boss = fate.manager
                if (
                    fate.fate is not Fate.REFUSED
                    and boss is not None
                    and boss.fate is Fate.REFUSED
                    and boss.member_id is None
                ):
                    why = _('"{name}" is refused (line {line}).', name=text[:60], line=boss.line)
                    fate.faults.append(Fault(column, why))
                    self._settle(fate)
                    changed = True

    def _resolve(self, fate: RowFate, text: str, column: str) -> None:
        boss_row = self._rows_by_number.get(fold(text)) or self._rows_by_number.get(fold(self._padded(text)))
        stored = self._by_number.get(fold(text)) or self._by_number.get(fold(self._padded(text)))
        if boss_row is None and stored is None:
            named = self._by_name.get(fold(text), [])
            if len(named) > 1:
                why = _('{count} people are called "{name}". Give the number.', count=len(named), name=text[:60])
                fate.faults.append(Fault(column, why))
                self._settle(fate)
                return
            stored = named[0] if named else None
        if boss_row is fate or (stored is not None and stored.id == fate.member_id):
            fate.faults.append(Fault(column, _('Nobody can be their own manager.')))
        elif boss_row is None and stored is None:
            why = _('There is nobody with the number or name "{name}".', name=text[:60])
            fate.faults.append(Fault(column, why))
        else:
            before = self._by_id[fate.member_id].values['manager_id'] if fate.member_id else None
            fate.manager = boss_row or (self._rows_by_member.get(stored.id) if stored else None)
            after = stored.id if stored else fate.manager.member_id if fate.manager else None
            if after is None or after != before:
                fate.changes['manager_id'] = (before, after or text)
        self._settle(fate)

    def _padded(self, text: str) -> str:
        sample = next(iter(self._by_number), '')
        return f'{text:0>{len(sample)}}' if text.isascii() and text.isdigit() else text

    def _circles(self) -> Iterable[RowFate]:
        """Give each row whose chain of managers comes back to itself once all rows are applied."""
        above: dict[Any, Any] = {stored.id: stored.values['manager_id'] for stored in self._by_id.values()}
        for fate in self.fates:
            if fate.fate is Fate.REFUSED or 'manager_id' not in fate.changes:
                continue
            boss = fate.changes['manager_id'][1]
            above[fate.member_id or id(fate)] = boss if isinstance(boss, UUID) else id(fate.manager)
        state: dict[Any, int] = {}
        for fate in self.fates:
            key: Any = fate.member_id or id(fate)
            chain: list[Any] = []
            at = key
            while at is not None and at not in state:
                state[at] = 1
                chain.append(at)
                at = above.get(at)
            in_circle = set(chain[chain.index(at) :]) if at in chain else set()
            for one in chain:
                state[one] = 3 if one in in_circle else 2
        return [
            fate for fate in self.fates if state.get(fate.member_id or id(fate)) == 3 and 'manager_id' in fate.changes
        ]


def _is_somebody_else(values: dict[str, Any], stored: Stored) -> bool:
    """Say whether neither name nor e-mail of a row are those of the member whose number it has.

    An e-mail that the actor does not see counts as another one, so that no guess of it is confirmed.
    """
    if not (values.get('email') and ('email' in stored.hidden or stored.values['email'])):
        return False
    names = [(values.get(name), stored.values[name]) for name in ('first_name', 'last_name')]
    return all(given and known and fold(given) != fold(known) for given, known in names)
