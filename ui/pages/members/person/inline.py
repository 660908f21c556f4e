"""The facts of a person that are edited where they stand: who may edit which, and how each is saved."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from logic import audit, departments, members
from logic.core.actor import Actor
from logic.core.language import _, many, sense
from logic.core.live import About
from logic.members import JobInput, PersonView, ProfileInput
from logic.members.names import typed_phone
from ui.components import Editable, EditableFacts, Fact, Sheet, watch
from ui.guard import current_actor
from ui.pages.members.directory import phone

Draw = Callable[[PersonView], Sequence[Fact | Editable]]
Choose = Callable[[Actor], Awaitable[list[tuple[UUID, str]]]]


def contact(person: PersonView) -> list[Fact | Editable]:
    """How to reach somebody; the person keeps this himself."""
    keeps = person.may_edit or person.is_self
    labels = {
        'email': _('E-mail'), 'phone': _('Phone'), 'personal_email': _('Personal e-mail'),
        'home_phone': _('Second phone'),
    }  # fmt: skip
    shown: list[Fact | Editable] = []
    for name, label in labels.items():
        if not person.shows(name):
            continue
        held, kind = getattr(person, name), 'email' if 'email' in name else 'phone'
        value = phone(held, person.phone_country) if kind == 'phone' else held
        if keeps:
            typed = typed_phone(held, person.typed_country) if kind == 'phone' else held
            shown.append(Editable(name, label, value, kind, typed=typed))
        elif held or name in ('email', 'phone'):
            shown.append(Fact(label, value, kind))
    return shown or [Fact(_('Contact'), _('Not shown to colleagues.'))]


def membership(person: PersonView) -> list[Fact | Editable]:
    """Standing, and since when."""
    kind, employment = person.membership_type, person.employment_type
    years = many('{count} year', '{count} years', person.service_years)
    months = many('{count} month', '{count} months', person.service_months)
    facts: list[Fact | Editable] = [
        _select(person, 'membership_type_id', _('Type'), kind),
        Fact(_('Positions'), ', '.join(held.name for held in person.positions)),
        Editable('joined_on', _('Joined'), person.joined_on, 'date') if person.may_edit
        else Fact(_('Joined'), person.joined_on, 'date'),
        *([Fact(_('Left'), person.left_on, 'date')] if person.left_on else []),
        Fact(_('Length of service'), f'{years}, {months}' if person.joined_on else ''),
        Editable('employment_type', _('Employment'), employment.label if employment else '', typed=employment,
                 control='select', none=_('Not said'))
        if person.may_edit else Fact(_('Employment'), employment.label if employment else ''),
    ]  # fmt: skip
    if person.former_number:
        facts.append(Fact(_('Former numbers'), person.former_number))
    if person.tags:
        facts.append(Fact(_('Tags'), ', '.join(tag.name for tag in person.tags)))
    return [*facts, _select(person, 'station_id', _('Station'), person.station)]


def job(person: PersonView) -> list[Fact | Editable]:
    """Where somebody works today."""
    manager, unit = person.manager, person.department
    place = f'/members?department={unit.id}' if unit else None
    reports = many('{count} person', '{count} people', person.reports_count) if person.reports_count else ''
    title = (
        Editable('title', sense('of a job', 'Title'), person.title)
        if person.may_edit
        else Fact(sense('of a job', 'Title'), person.title)
    )
    return [
        title,
        _select(person, 'rank_id', _('Rank'), person.rank),
        _select(person, 'department_id', sense('a unit', 'Department'), unit, place),
        Fact(_('Manager'), manager.name if manager else '', href=f'/members/{manager.id}' if manager else None),
        Fact(sense('people', 'Reports'), reports,
             href=f'/members?manager={person.id}' if person.reports_count else None),
    ]  # fmt: skip


def _select(person: PersonView, name: str, label: str, held: Any, href: str | None = None) -> Fact | Editable:
    value = held.name if held else ''
    if not person.may_edit:
        return Fact(label, value, href=href)
    return Editable(name, label, value, href=href, typed=held.id if held else None, control='select')


async def save_profile(actor: Actor, person: PersonView, data: ProfileInput, version: int) -> None:
    """Change one field of the profile."""
    await members.update_member(actor, person.id, data, version)


async def save_job(actor: Actor, person: PersonView, data: JobInput, version: int) -> None:  # noqa: ARG001  rows by date
    """Change one piece of job data from today on."""
    await members.change_job(actor, person.id, data)


def _among(listed: Callable[[Actor], Awaitable[Sequence[Any]]]) -> Choose:
    async def choose(actor: Actor) -> list[tuple[UUID, str]]:
        return [(row.id, row.name) for row in await listed(actor)]

    return choose


CHOICES: dict[str, Choose] = {
    'membership_type_id': _among(departments.list_membership_types), 'station_id': _among(departments.list_stations),
    'rank_id': _among(departments.list_ranks), 'department_id': _among(departments.list_departments),
}  # fmt: skip


class Part:
    """One card of facts about a person."""

    def __init__(self, person: PersonView, facts: Draw, save: Callable[..., Awaitable[None]]) -> None:
        self._facts = facts

        async def store(actor: Actor, data: Any, version: int) -> None:
            await save(actor, person, data, version)

        async def newest(actor: Actor) -> Sheet:
            now = await members.get_member(actor, person.id)
            return Sheet(facts(now), now.version)

        async def by(actor: Actor, field: str) -> str:
            return await audit.changed_by(actor, ('Member', 'JobChange'), person.id, [field])

        model: Any = JobInput if save is save_job else ProfileInput
        sheet = Sheet(facts(person), person.version)
        self._drawn = EditableFacts[Any](sheet, model, save=store, newest=newest, changed_by=by, choices=CHOICES)

    def change(self, person: PersonView) -> None:
        """Show what is said now."""
        self._drawn.change(Sheet(self._facts(person), person.version))


def follow(person: PersonView, parts: Sequence[Part]) -> None:
    """Show what somebody else changes, in all cards at once."""

    async def again() -> None:
        now = await members.get_member(await current_actor(), person.id)
        for part in parts:
            part.change(now)

    watch(About, call=again, match=lambda change: change.row_id == person.id)
