"""How a task comes again, chosen in words and kept as a rule."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.tasks import AnchorMode
from logic import tasks
from logic.core.actor import Actor
from logic.core.language import _, later
from logic.tasks import RepeatInput, RepeatView
from logic.tasks.inputs import Day
from ui.components import FormDialog, toast
from ui.pages.tasks.adding import Open
from ui.pages.tasks.task.repeats import DAYS, NTH, UNITS, WORDS, Kind

RULES = {
    Kind.DAILY: 'FREQ=DAILY', Kind.WEEKLY: 'FREQ=WEEKLY', Kind.DATE: 'FREQ=MONTHLY', Kind.YEARLY: 'FREQ=YEARLY',
    Kind.LAST: 'FREQ=MONTHLY;BYMONTHDAY=-1', Kind.NTH: 'FREQ=MONTHLY',
}  # fmt: skip


class RepeatForm(BaseModel):
    """The choices of a repetition."""

    model_config = ConfigDict(extra='forbid')

    kind: Annotated[Kind, Field(title=later('It comes again'))] = Kind.NEVER
    every: Annotated[
        int, Field(title=later('Every'), ge=1, le=3660, description=later('1 for each time, 2 for every other.'))
    ] = 1
    days: Annotated[list[str], Field(title=later('On', meaning='days of the week'))] = []
    nth: Annotated[str, Field(title=later('Which'))] = '1'
    weekday: Annotated[str, Field(title=later('Weekday'))] = 'MO'
    unit: Annotated[str, Field(title=later('Counted in'))] = 'DAILY'
    ends: Annotated[str, Field(title=later('It ends'))] = 'never'
    until: Annotated[Day | None, Field(title=later('Last day'))] = None
    count: Annotated[int | None, Field(title=later('Times'), ge=1, le=730)] = None

    @model_validator(mode='after')
    def _is_whole(self) -> 'RepeatForm':
        if self.kind is Kind.WEEKLY and not self.days:
            raise ValueError(_('Choose at least one day of the week.'))
        if self.ends == 'until' and self.until is None:
            raise ValueError(_('Say the last day, or let it never end.'))
        if self.ends == 'count' and self.count is None:
            raise ValueError(_('Say how many times, or let it never end.'))
        return self

    @property
    def repeat(self) -> RepeatInput | None:
        """The rule (RFC 5545)."""
        if self.kind is Kind.NEVER:
            return None
        parts = [f'FREQ={self.unit}' if self.kind is Kind.AFTER else RULES[self.kind], f'INTERVAL={self.every}']
        if self.kind is Kind.WEEKLY:
            parts.append(f'BYDAY={",".join(day for day in DAYS if day in self.days)}')
        if self.kind is Kind.NTH:
            parts.append(f'BYDAY={self.nth}{self.weekday}')
        if self.ends == 'until' and self.until:
            parts.append(f'UNTIL={self.until:%Y%m%d}')
        if self.ends == 'count':
            parts.append(f'COUNT={self.count}')
        mode = AnchorMode.COMPLETION if self.kind is Kind.AFTER else AnchorMode.SCHEDULE
        return RepeatInput(rule=';'.join(parts), mode=mode)


def chosen(found: RepeatView | None, due: date | None) -> dict[str, Any]:
    """Return the choices that a rule stands for; without one, those that begin from the due date."""
    weekday = list(DAYS)[due.weekday()] if due else 'MO'
    value = RepeatForm().model_dump() | {later('days'): [weekday], 'weekday': weekday}
    if found is None:
        return value
    parts = dict(part.split('=', 1) for part in found.rule.split(';'))
    by_day, frequency = parts.get('BYDAY', ''), parts['FREQ']
    value |= {'every': int(parts.get('INTERVAL', '1')), 'unit': frequency}
    kinds = {'DAILY': Kind.DAILY, 'WEEKLY': Kind.WEEKLY, 'MONTHLY': Kind.DATE, 'YEARLY': Kind.YEARLY}
    value['kind'] = Kind.AFTER if found.mode is AnchorMode.COMPLETION else kinds[frequency]
    if frequency == 'WEEKLY' and by_day:
        value[later('days')] = by_day.split(',')
    if frequency == 'MONTHLY' and by_day:
        value |= {'kind': Kind.NTH, 'nth': by_day[:-2].lstrip('+') or '1', 'weekday': by_day[-2:]}
    if parts.get('BYMONTHDAY') == '-1':
        value['kind'] = Kind.LAST
    if 'UNTIL' in parts:
        value |= {'ends': 'until', 'until': _day(parts['UNTIL'], found.zone)}
    if 'COUNT' in parts:
        value |= {'ends': 'count', 'count': int(parts['COUNT'])}
    return value


def _day(text: str, zone: str) -> date:
    if not text.endswith('Z'):
        return date.fromisoformat(f'{text[:4]}-{text[4:6]}-{text[6:8]}')
    return datetime.strptime(text, '%Y%m%dT%H%M%SZ').replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def opens(task_id: UUID) -> Open:
    """Return what opens the form."""

    async def save(actor: Actor, data: RepeatForm) -> None:
        await tasks.set_repeat(actor, task_id, data.repeat)
        now = await tasks.get_repeat(actor, task_id)
        toast(_('Saved: {words}.', words=now.words) if now else _('It comes once.'))

    async def show(actor: Actor) -> None:
        due = (await tasks.get_task(actor, task_id)).row.due_on
        value = chosen(await tasks.get_repeat(actor, task_id), due)
        text = '' if due else _('Say first when it is due: what comes again is reckoned from that.')
        dialog = FormDialog(_('Does it come again?'), RepeatForm, save, value=value, text=text)
        dialog.select('kind', list(WORDS.items()))
        dialog.number('every', span=6, when=('kind', [one for one in Kind if one is not Kind.NEVER]))
        dialog.select('unit', UNITS, span=6, when=('kind', Kind.AFTER))
        dialog.checks(later('days'), list(DAYS.items()), when=('kind', Kind.WEEKLY))
        dialog.select('nth', NTH, span=6, when=('kind', Kind.NTH))
        dialog.select('weekday', list(DAYS.items()), span=6, when=('kind', Kind.NTH))
        dialog.select(
            'ends', [('never', _('Never')), ('until', _('On a day')), ('count', _('After so many times'))], span=6
        )
        dialog.date('until', span=6, when=('ends', 'until'))
        dialog.number('count', span=6, when=('ends', 'count'))

    return show
