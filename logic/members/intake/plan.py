"""What would become of each row: compared with what is stored and with the other rows, nothing written."""

import asyncio
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from data.members import MemberStatus
from logic.core.errors import Invalid
from logic.core.work import Work
from logic.members.custom_fields import normal_value
from logic.members.inputs import check_person
from logic.members.intake.rows import Fate, IntakePlan, IntakeRow, RowFate, Writes
from logic.members.intake.stock import JOB_NOUNS, JOB_TEXTS, NOUNS, PROFILE, Stock, number_key, take_stock
from logic.members.names import fold
from logic.members.statuses import ALLOWED
from logic.members.visibility import sight

BREATH = 100
"""Rows after which the other requests have their turn."""


async def plan_intake(work: Work, rows: Sequence[IntakeRow], *, create_missing: bool = True) -> IntakePlan:
    """Return the fate of each row. Matches by number, then by e-mail. Writes nothing; the caller has checked the right.

    With `create_missing` departments, ranks, stations, membership types and tags that do not exist are made by
    `apply_intake`; else rows that name them are refused.
    """
    today = (await sight(work)).today
    stock = await take_stock(work, list(rows), today)
    plan = IntakePlan([])
    judge = _Judge(stock, plan, today, create_missing)
    for at, row in enumerate(rows, 1):
        judge.row(row)
        if at % BREATH == 0:
            await asyncio.sleep(0)
    judge.managers(rows)
    await asyncio.sleep(0)
    judge.circles()
    for fate in plan.rows:
        if fate.fate is Fate.REFUSED:
            fate.writes = None
        elif fate.member_id is not None:
            fate.fate = Fate.UPDATE if fate.changes else Fate.SAME
    return plan


class _Judge:
    def __init__(self, stock: Stock, plan: IntakePlan, today: date, create_missing: bool) -> None:
        self.stock, self.plan, self.today, self.create_missing = stock, plan, today, create_missing
        self.numbers: dict[str, RowFate] = {}
        self.emails: dict[str, RowFate] = {}
        self.matched: dict[UUID, RowFate] = {}

    def row(self, row: IntakeRow) -> None:
        values = row.values
        fate = RowFate(row.row_number, Fate.NEW, number=str(values.get('number') or ''), writes=Writes())
        self.plan.rows.append(fate)
        self._match(fate, values)
        stored = self.stock.people.get(fate.member_id) if fate.member_id else None
        self._profile(fate, values, stored)
        self._nouns(fate, values, stored)
        self._status(fate, values, stored)
        self._extras(fate, values)

    def _match(self, fate: RowFate, values: dict[str, Any]) -> None:
        number, email = number_key(fate.number), values.get('email') or ''
        by_number, by_email = self.stock.by_number.get(number), self.stock.by_email.get(email)
        fate.member_id = by_number or by_email
        if by_number and by_email and by_number != by_email:
            fate.refuse('email', f'{self._who(by_email)} has this e-mail address already.')
        for key, known, name in ((number, self.numbers, 'number'), (email, self.emails, 'email')):
            if key and key in known:
                fate.refuse(name, f'Row {known[key].row_number} has the same {name.replace("email", "e-mail")}.')
            elif key:
                known[key] = fate
        if fate.member_id is None:
            return
        if fate.member_id in self.matched and fate.fate is not Fate.REFUSED:
            fate.refuse('number', f'Row {self.matched[fate.member_id].row_number} is the same person.')
        self.matched.setdefault(fate.member_id, fate)
        if self.stock.people[fate.member_id].archived_at is not None:
            fate.refuse('number', f'The record of {self._who(fate.member_id)} is archived. Restore it first.')

    def _who(self, member_id: UUID) -> str:
        return f'{self.stock.names[member_id]} ({self.stock.people[member_id].number})'

    def _profile(self, fate: RowFate, values: dict[str, Any], stored: Any) -> None:
        assert fate.writes is not None
        person = SimpleNamespace(**vars(stored)) if stored else SimpleNamespace(**_BLANK)
        for name in PROFILE:
            if name not in values or name.endswith('_id'):
                continue
            value = values[name]
            if getattr(person, name, None) != value:
                fate.changes[name] = (getattr(person, name, None), value)
                fate.writes.profile[name] = value
            setattr(person, name, value)
        fate.name = ' '.join(part for part in (person.preferred_name or person.first_name, person.last_name) if part)
        person.left_on = values.get('left_on', person.left_on)
        try:
            check_person(person, self.today)
        except Invalid as refusal:
            for name, reason in refusal.fields.items():
                fate.refuse(name, reason)

    def _nouns(self, fate: RowFate, values: dict[str, Any], stored: Any) -> None:
        assert fate.writes is not None
        job = self.stock.jobs.get(stored.id) if stored else None
        for noun in NOUNS:
            typed = values.get(noun)
            if not typed:
                continue
            column = f'{noun}_id'
            row = self.stock.nouns[noun].get(fold(typed))
            old = getattr(job if noun in JOB_NOUNS else stored, column, None)
            shown = self.stock.labels.get(old) if old else None
            words = noun.replace('_', ' ')
            if row is None:
                if not self.create_missing or noun == 'company':
                    fate.refuse(noun, f'There is no {words} named "{typed}".')
                    continue
                missing = self.plan.missing.setdefault(noun, [])
                if fold(typed) not in {fold(name) for name in missing}:
                    missing.append(typed)
                fate.writes.names[column] = typed
                fate.changes[noun] = (shown, typed)
            elif getattr(row, 'archived_at', None) is not None or getattr(row, 'is_archived', False):
                fate.refuse(noun, f'The {words} {row.name} is archived.')
            elif row.id != old:
                fate.changes[noun] = (shown, row.name)
                (fate.writes.job if noun in JOB_NOUNS else fate.writes.profile)[column] = row.id
        for name in JOB_TEXTS:
            if name in values and values[name] != (getattr(job, name, '') or ''):
                fate.changes[name] = (getattr(job, name, ''), values[name])
                fate.writes.job[name] = values[name]

    def _status(self, fate: RowFate, values: dict[str, Any], stored: Any) -> None:
        assert fate.writes is not None
        left_on, status = values.get('left_on'), values.get('status')
        if left_on is not None and status is None:
            status = MemberStatus.LEFT
        if left_on is not None and status is not MemberStatus.LEFT:
            fate.refuse('left_on', f'Somebody who has left has the status "left" and not "{status}".')
        if left_on is not None and left_on > self.today:
            fate.refuse('left_on', 'This day is in the future. Plan the departure on the page of the person.')
        fate.writes.left_on = left_on
        if stored is None:
            fate.writes.status = status or MemberStatus.ACTIVE
            fate.changes['status'] = (None, fate.writes.status.label)
            return
        if status is not None and status is not stored.status:
            if status not in ALLOWED[stored.status]:
                fate.refuse('status', f'{stored.status.label} cannot become {status.label.lower()}.')
            elif status is MemberStatus.LEFT and stored.id in self.stock.managers.values():
                fate.refuse(
                    'status', 'People report to him. Let him leave on his own page, where others take them over.'
                )
            fate.writes.status = status
            fate.changes['status'] = (stored.status.label, status.label)
        elif left_on is not None and left_on != stored.left_on:
            fate.changes['left_on'] = (stored.left_on, left_on)
            fate.writes.profile['left_on'] = left_on

    def _extras(self, fate: RowFate, values: dict[str, Any]) -> None:
        assert fate.writes is not None
        known = self.stock.tags.get(fate.member_id, set()) if fate.member_id else set()
        added = [name for name in values.get('tags') or [] if fold(name) not in known]
        if added:
            fate.writes.tags = added
            fate.changes['tags'] = (None, ', '.join(added))
        for name, typed in values.items():
            if not name.startswith('field:'):
                continue
            custom = self.stock.fields.get(fold(name.removeprefix('field:')))
            if custom is None:
                fate.refuse(name, f'There is no field named "{name.removeprefix("field:")}".')
                continue
            try:
                value = normal_value(custom, str(typed))
            except Invalid as refusal:
                fate.refuse(name, refusal.message)
                continue
            old = self.stock.custom.get((fate.member_id, custom.id), '') if fate.member_id else ''
            if value != old:
                fate.changes[name] = (old, value)
                fate.writes.custom[custom.id] = value

    def managers(self, rows: Sequence[IntakeRow]) -> None:
        """Find whom the rows name as managers; a row that names a refused new one is refused too."""
        named = [(fate, str(row.values['manager']).strip()) for fate, row in zip(self.plan.rows, rows, strict=True)
                 if row.values.get('manager')]  # fmt: skip
        for fate, typed in named:
            self._manager(fate, typed)
        changed = True
        while changed:
            changed = False
            for fate, typed in named:
                boss = fate.writes.manager if fate.writes else None
                refused = isinstance(boss, RowFate) and boss.fate is Fate.REFUSED and boss.member_id is None
                if refused and fate.fate is not Fate.REFUSED:
                    assert isinstance(boss, RowFate)
                    fate.refuse('manager', f'The manager {typed} is in row {boss.row_number}, which is refused.')
                    changed = True

    def _manager(self, fate: RowFate, typed: str) -> None:
        assert fate.writes is not None
        mail, number = typed.lower(), number_key(typed)
        in_file = self.emails.get(mail) if '@' in typed else self.numbers.get(number)
        stored = self.stock.by_email.get(mail) if '@' in typed else self.stock.by_number.get(number)
        boss: RowFate | UUID | None = in_file if in_file is not None and in_file.member_id is None else stored
        if boss is None:
            fate.refuse('manager', f'Nobody has the {"e-mail" if "@" in typed else "number"} {typed}.')
            return
        if boss is fate or (fate.member_id is not None and boss == fate.member_id):
            fate.refuse('manager', 'Nobody reports to himself.')
            return
        old = self.stock.managers.get(fate.member_id) if fate.member_id else None
        if boss != old:
            name = boss.name if isinstance(boss, RowFate) else self.stock.names[boss]
            fate.changes['manager'] = (self.stock.names.get(old) if old else None, name)
            fate.writes.manager = boss

    def circles(self) -> None:
        """Refuse rows through which somebody would report to himself (rule 3)."""
        above: dict[Any, Any] = dict(self.stock.managers)
        asked: dict[Any, RowFate] = {}
        for fate in self.plan.rows:
            if fate.fate is Fate.REFUSED or fate.writes is None or fate.writes.manager is None:
                continue
            key = fate.member_id or fate.row_number
            boss = fate.writes.manager
            above[key] = (boss.member_id or boss.row_number) if isinstance(boss, RowFate) else boss
            asked[key] = fate
        done: set[Any] = set()
        for start in asked:
            path: list[Any] = []
            at: Any = start
            while at is not None and at not in done and at not in path:
                path.append(at)
                at = above.get(at)
            if at is not None and at in path:
                for key in path[path.index(at) :]:
                    if key in asked:
                        asked[key].refuse('manager', 'Through this manager somebody would report to himself.')
            done.update(path)


_BLANK: dict[str, Any] = dict.fromkeys(PROFILE, '') | {
    'id': None, 'email': None, 'birth_on': None, 'joined_on': None, 'left_on': None, 'probation_ends_on': None,
    'notice_days': None, 'employment_type': None, 'hides_contacts': False,
}  # fmt: skip
