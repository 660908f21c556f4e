"""The dialogs for job and status of a person: dated moves, each with its reason."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from data.members import MemberStatus
from logic import members
from logic.core.actor import Actor
from logic.core.formats import day_text
from logic.core.language import _, later
from logic.members import ALLOWED, JobInput, JobRow, PersonView
from ui.components import FormDialog, Found
from ui.pages.members.new import options
from ui.pages.members.person.forms import done
from ui.search import search_people


class JobCorrection(JobInput):
    """What a row should have said, and why."""

    reason: Annotated[str, Field(title=later('Reason'), max_length=300)] = ''


class JobChoice(JobCorrection):
    """Job data, from when, and why."""

    from_on: Annotated[date | None, Field(title=later('From'))] = None


async def job(actor: Actor, person: PersonView) -> None:
    """Where he works, from a day on."""
    chosen = await options(actor)
    manager = person.manager
    value = {
        'department_id': person.department.id if person.department else None,
        'rank_id': person.rank.id if person.rank else None,
        'manager_id': manager.id if manager else None,
        'title': person.title,
        'work_pattern': person.work_pattern,
    }

    async def save(actor: Actor, data: JobChoice) -> None:
        given = {
            name: getattr(data, name)
            for name in JobInput.model_fields
            if getattr(data, name) != (value[name] or _job_blank(name))
        }
        if given:
            await members.change_job(actor, person.id, JobInput(**given), data.from_on, data.reason)
        await done(_('Saved. A future change waits until its day.') if data.from_on else _('Saved.'))

    dialog = FormDialog(_('Change the job of {name}', name=person.name), JobChoice, save, value=value)
    _place(dialog, chosen, [Found(manager.id, manager.name)] if manager else ())
    dialog.date('from_on', span=6, help=_('Empty for today.'))
    dialog.text('reason', span=6)


async def correct(actor: Actor, row: JobRow) -> None:
    """What a dated row says wrongly; its day stays."""
    chosen = await options(actor)

    async def save(actor: Actor, data: JobCorrection) -> None:
        given = data.model_dump()
        reason = given.pop('reason')
        await members.correct_job_change(actor, row.id, JobInput(**given), reason, row.version)
        await done(_('Corrected.'))

    value = {name: getattr(row, name) for name in JobInput.model_fields} | {'reason': row.reason}
    text = _('This row counts from {day} on. What changes on another day is no correction: change the job.',
             day=day_text(row.from_on, 'long'))  # fmt: skip
    dialog = FormDialog(_('Correct this row'), JobCorrection, save, value=value, text=text, about=row.id)
    _place(dialog, chosen, [Found(row.manager_id, row.manager)] if row.manager_id else ())
    dialog.text('reason')


def _place(dialog: FormDialog[Any], chosen: dict[str, Any], manager: Sequence[Found]) -> None:
    dialog.select('department_id', chosen['department_id'], none=_('None'), span=6)
    dialog.select('rank_id', chosen['rank_id'], none=_('None'), span=6)
    dialog.text('title', span=6)
    dialog.text('work_pattern', span=6)
    dialog.person('manager_id', search_people, chosen=manager)


def _job_blank(name: str) -> Any:
    return JobInput.model_fields[name].get_default()


class StatusInput(BaseModel):
    """A move to another status."""

    model_config = ConfigDict(extra='forbid')

    to: Annotated[MemberStatus, Field(title=later('New status'))]
    on: Annotated[date | None, Field(title=later('From'))] = None
    reason: Annotated[str, Field(title=later('Reason'), min_length=1, max_length=300)]
    reports_to_id: Annotated[UUID | None, Field(title=later('Who takes over the reports'))] = None


async def status(actor: Actor, person: PersonView) -> None:  # noqa: ARG001  the submit asks again
    """A dated move, with its reason."""

    async def save(actor: Actor, data: StatusInput) -> None:
        await members.change_status(actor, person.id, data.to, data.reason, data.on, reports_to_id=data.reports_to_id)
        await done(_('Status changed.'))

    ways = [(way, way.label) for way in ALLOWED[person.status]]
    since = day_text(person.status_since_on, 'long')
    text = _('{name} has this status since {day}: {status}.', name=person.name, status=person.status.label, day=since)
    dialog = FormDialog(_('Change status'), StatusInput, save, text=text)
    dialog.select('to', ways, span=6)
    dialog.date('on', span=6, help=_('Empty for today.'))
    dialog.text('reason')
    if person.reports_count:
        dialog.person('reports_to_id', search_people, when=('to', [MemberStatus.LEFT]))
