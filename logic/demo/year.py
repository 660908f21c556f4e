"""A year in the life of the invented department: who did what, and when."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from data.departments import MembershipType, Rank, Station
from data.identity import Position
from data.members import (
    ChecklistKind,
    ItemOwner,
    Licence,
    Member,
    MemberStatus,
    ProfileChange,
    ProfileChangeStatus,
)
from data.organizations import PeerContact
from logic import custom_fields, departments, members, notifications, organizations
from logic.core.work import Work
from logic.demo import people as cast_of
from logic.demo.files import RENEWED, fill_file, member_input, renewal
from logic.demo.people import LATER, OWNER, PERSONNEL, SECRETARY, UNITS, Persona
from logic.demo.stage import Act
from logic.demo.tasks import TaskYear
from logic.identity import invitations, positions
from logic.members import checklists, leaving, profile, profile_changes, statuses, tags
from logic.members.file import add_record, remind_of_expiry, renew_record
from logic.members.inputs import JobInput, ProfileInput
from logic.members.job_changes import change_job

SHIRTS = ('S', 'M', 'L', 'XL', 'XXL')
TAGS = {'Drivers': 'blue', 'Hazmat': 'amber', 'Water rescue': 'teal', 'Mentor': 'violet'}
ACCOUNTS = (*range(1, cast_of.FIREFIGHTER + 5), 24, 33, 40, LATER)
"""Who has accepted an invitation."""
INVITED = {29: 4, 35: 2, LATER + 11: 1, 44: 16}
"""Days since somebody was invited who has not answered; the last of them too late."""
PROMOTED = {
    16: (310, 'Engineer'), 21: (255, 'Engineer'), 29: (120, 'Engineer'), 19: (60, 'Paramedic'),
    32: (28, 'Lieutenant'),
}  # fmt: skip
"""Days ago, and the new rank."""
MOVED = {24: (280, 1), 33: (200, 2), 41: (150, 0), 45: (90, 1), 26: (-12, 0)}
"""Days ago, and the unit; one move is still to come."""
AWAY = {
    22: (240, 150, 'Parental leave'), 37: (130, 70, 'Illness'), 28: (45, 0, 'Studies'),
    43: (12, 0, 'Parental leave'),
}  # fmt: skip
"""Days ago from and until; 0 while it lasts."""
ENDED = {
    48: (290, 'Moved away'), 46: (205, 'Moved away'), 50: (140, 'New job in another county'),
    39: (75, 'Family reasons'), 51: (21, 'Moved away'),
}  # fmt: skip
"""Days since the last one, and why."""
OTHER = {
    47: (180, MemberStatus.RETIRED, 'Thirty years of service'),
    42: (100, MemberStatus.INACTIVE, 'No time at present'),
    49: (35, MemberStatus.SUSPENDED, 'Inquiry under way'),
}  # fmt: skip
Hand = Callable[[Work], Awaitable[Any]]


class Year:
    """The acts of the year, and the ids of what they made."""

    def __init__(self, cast: list[Persona], moment: datetime, zone: ZoneInfo, host: str, hashed: str) -> None:
        self.cast = cast
        self.moment, self.zone, self.host, self.hashed = moment, zone, host, hashed
        self.today = moment.astimezone(zone).date()
        self.ids: dict[int, UUID] = {}
        self.made: dict[str, UUID] = {}
        self.tokens: dict[int, str] = {}
        self._acts: list[Act] = []

    def acts(self) -> list[Act]:
        """Return all acts; they are to be played in the order of their moments."""
        self._lists()
        self._people()
        self._accounts()
        self._jobs()
        self._statuses()
        self._wishes()
        self._routine()
        return [*self._acts, *TaskYear(self.moment, self.zone, self.ids).acts()]

    def _on(self, days: int, hour: float, by: int | None, service: Any, deed: Hand, *, visitor: bool = False) -> None:
        at = datetime.combine(self.today - timedelta(days=days), time(), self.zone) + timedelta(hours=hour)
        who = None if by is None else (lambda: self.ids[by])
        self._acts.append(Act(min(at, self.moment - timedelta(minutes=5)), service.name, who, deed, visitor))

    def _day(self, days: int) -> date:
        return self.today - timedelta(days=days)

    # Units, stations, ranks, tags, fields, checklists

    def _lists(self) -> None:
        self._on(364, 8, OWNER, organizations.change_settings, self._settle)
        self._on(364, 8.2, OWNER, departments.add_department, self._add_units)
        self._on(364, 8.4, OWNER, departments.add_station, self._add_stations)
        self._on(364, 8.6, OWNER, custom_fields.add_custom_field, self._add_fields)
        self._on(364, 8.8, OWNER, checklists.add_template, self._add_checklist)

    async def _settle(self, work: Work) -> None:
        # Whoever looks around with the printed password has no second factor.
        await organizations.change_settings(
            work, require_mfa_for_administrators=False, show_peer_contacts=frozenset(PeerContact), checklist_hidden=True
        )
        for model in (Rank, MembershipType):
            self.made |= {row.name: row.id for row in await work.all(select(model))}
        self.made |= {f'position {row.name}': row.id for row in await work.all(select(Position))}

    async def _add_units(self, work: Work) -> None:
        top = next(row for row in await departments.list_departments(work) if row.name == 'Operations')
        self.made['Operations'] = top.id
        for code, name in zip(('E1', 'E2', 'L3', 'A1'), UNITS, strict=True):
            data = departments.DepartmentInput(name=name, code=code, parent_id=top.id, minimum_staffing=3)
            self.made[name] = (await departments.add_department(work, data)).id
        for name in ('Training', 'Prevention', 'Administration'):
            self.made[name] = (await departments.add_department(work, departments.DepartmentInput(name=name))).id

    async def _add_stations(self, work: Work) -> None:
        first = await work.first(select(Station))
        self.made['station 0'] = first.id
        for number, (name, address) in enumerate((('Station 2', '88 Quarry Road'), ('Station 3', '5 Ferry Lane')), 1):
            data = departments.StationInput(name=name, address=f'{address}, Riverside, Maine')
            self.made[f'station {number}'] = (await departments.add_station(work, data)).id

    async def _add_fields(self, work: Work) -> None:
        shirt = custom_fields.CustomFieldInput(name='Shirt size', kind='choice', options=SHIRTS)  # type: ignore[arg-type]
        self.made['shirt'] = (await custom_fields.add_custom_field(work, 'Member', shirt)).id
        locker = custom_fields.CustomFieldInput(name='Locker', kind='number', order=1)  # type: ignore[arg-type]
        self.made['locker'] = (await custom_fields.add_custom_field(work, 'Member', locker)).id
        for name, colour in TAGS.items():
            self.made[name] = (await tags.add_tag(work, tags.TagInput(name=name, colour=colour))).id

    async def _add_checklist(self, work: Work) -> None:
        store = self.made['position Quartermaster']
        await work.get(Position, store)
        items = [
            checklists.TemplateItemInput(title='Fit turnout gear', owner=ItemOwner.POSITION, position_id=store),
            checklists.TemplateItemInput(title='Introduce to the company', owner=ItemOwner.MANAGER, day_offset=1),
            checklists.TemplateItemInput(title='Add emergency contacts', owner=ItemOwner.PERSON, day_offset=3),
            checklists.TemplateItemInput(title='Fitness examination', owner=ItemOwner.PERSON, day_offset=15),
            checklists.TemplateItemInput(title='Talk after the first month', owner=ItemOwner.MANAGER, day_offset=21),
        ]
        data = checklists.TemplateInput(kind=ChecklistKind.JOINING, name='New firefighter', items=tuple(items))
        self.made['checklist'] = (await checklists.add_template(work, data)).id

    # People

    def _people(self) -> None:
        self._on(364, 9, OWNER, profile.update_member, self._complete_owner)
        for one in self.cast[1:LATER]:
            self._on(364, 10 + one.index / 10, OWNER, profile.add_member, self._adding(one))
        for one in self.cast[LATER:]:
            days = (self.today - one.joined_on).days
            self._on(days, 11, PERSONNEL, profile.add_member, self._adding(one))
            self._on(days, 11.2, PERSONNEL, checklists.start_checklist, self._checking(one))
            for first, last, after in ((0, 3, 5), (3, 5, 33)):
                if days > after + 1:
                    ticking = self._ticking(one, first, last)
                    self._on(days - after, 15, OWNER, checklists.tick_item, ticking)
            if days > 190:
                passed = self._moving(one.index, MemberStatus.ACTIVE, 'Probation passed')
                self._on(days - 183, 17, OWNER, statuses.change_status, passed)
        self._on(363, 9, OWNER, departments.set_department_head, self._lead)

    async def _complete_owner(self, work: Work) -> None:
        one = self.cast[OWNER]
        data = member_input(one, self.host, 'US', station_id=self.made['station 0'])
        given = data.model_dump(include=data.model_fields_set & ProfileInput.model_fields.keys())
        for wished in ('first_name', 'last_name'):
            given.pop(wished)
        await profile.update_member(work, self.ids[OWNER], ProfileInput(**given))
        job = JobInput(department_id=self.made[one.unit], rank_id=self.made[one.rank], title=one.title)
        await change_job(work, self.ids[OWNER], job, one.joined_on)
        await self._complete(work, await work.get(Member, self.ids[OWNER]), one)

    def _adding(self, one: Persona) -> Hand:
        async def deed(work: Work) -> None:
            places: dict[str, Any] = {
                'department_id': self.made[one.unit], 'rank_id': self.made.get(one.rank),
                'station_id': self.made[f'station {one.station}'], 'membership_type_id': self.made[one.membership],
                'manager_id': self.ids[one.manager] if one.manager is not None else None,
            }  # fmt: skip
            if one.index >= LATER:
                places |= {
                    'status': MemberStatus.PROBATIONARY,
                    'probation_ends_on': one.joined_on + timedelta(days=183),
                }
            member = await profile.add_member(work, member_input(one, self.host, 'US', **places))
            self.ids[one.index] = member.id
            await self._complete(work, member, one)

        return deed

    async def _complete(self, work: Work, member: Member, one: Persona) -> None:
        """Write the rest of what is known of a person on the day he is added."""
        if by_name := cast_of.POSITIONS.get(one.index):
            await positions.give_position(work, member.id, self.made[f'position {by_name}'])
        carried = {self.made[name] for at, name in enumerate(TAGS) if one.index % (at + 5) == 0}
        if carried:
            await tags.set_tags(work, member.id, carried)
        if one.index % 2 == 0:
            values: dict[UUID, str | None] = {
                self.made['shirt']: SHIRTS[one.index % 5],
                self.made['locker']: str(one.index + 1),
            }
            await members.set_custom_values(work, member.id, values)
        await fill_file(work, member, one, self.today)

    def _checking(self, one: Persona) -> Hand:
        return lambda work: checklists.start_checklist(work, self.ids[one.index], self.made['checklist'], one.joined_on)

    def _ticking(self, one: Persona, first: int, last: int) -> Hand:
        async def deed(work: Work) -> None:
            for item in (await checklists.list_checklist(work, self.ids[one.index]))[first:last]:
                await checklists.tick_item(work, item.id)

        return deed

    async def _lead(self, work: Work) -> None:
        heads = {
            'Operations': OWNER, UNITS[0]: cast_of.COMPANY_A, UNITS[1]: cast_of.COMPANY_B, UNITS[2]: cast_of.COMPANY_C,
            UNITS[3]: cast_of.AMBULANCE, 'Training': cast_of.TRAINER, 'Prevention': cast_of.MARSHAL,
            'Administration': SECRETARY,
        }  # fmt: skip
        for unit, index in heads.items():
            await departments.set_department_head(work, self.made[unit], self.ids[index])

    # Accounts

    def _accounts(self) -> None:
        for at, index in enumerate(ACCOUNTS):
            days = 362 if index < LATER else (self.today - self.cast[index].joined_on).days - 1
            self._on(days, 9 + at / 10, OWNER, invitations.make_invitation, self._inviting(index))
            self._on(days - 1 - at % 4, 18 + at / 10, None, invitations.redeem_invitation, self._accepting(index),
                     visitor=True)  # fmt: skip
        for index, days in INVITED.items():
            self._on(days, 10, OWNER, invitations.make_invitation, self._inviting(index))

    def _inviting(self, index: int) -> Hand:
        async def deed(work: Work) -> None:
            self.tokens[index] = (await invitations.make_invitation(work, self.ids[index])).token

        return deed

    def _accepting(self, index: int) -> Hand:
        return lambda work: invitations.redeem_invitation(work, self.tokens[index], self.hashed)

    # Jobs

    def _jobs(self) -> None:
        for index, (days, rank) in PROMOTED.items():
            self._on(days, 14, OWNER, change_job, self._promoting(index, rank, days))
        for index, (days, unit) in MOVED.items():
            self._on(max(days, 3), 14.5, cast_of.DEPUTY, change_job, self._sending(index, unit, days))
        for at, index in enumerate(RENEWED):
            self._on(190 - at * 30, 16, PERSONNEL, renew_record, self._renewing(index))

    def _promoting(self, index: int, rank: str, days: int) -> Hand:
        async def deed(work: Work) -> None:
            job = JobInput(rank_id=self.made[rank], title=rank)
            await change_job(work, self.ids[index], job, self._day(days), 'Promotion')

        return deed

    def _sending(self, index: int, unit: int, days: int) -> Hand:
        async def deed(work: Work) -> None:
            boss = self.ids[cast_of.LIEUTENANT_A + unit]
            job = JobInput(department_id=self.made[UNITS[unit]], manager_id=boss)
            await change_job(work, self.ids[index], job, self._day(days), 'Staffing')

        return deed

    def _renewing(self, index: int) -> Hand:
        async def deed(work: Work) -> None:
            cards = select(Licence).where(Licence.member_id == self.ids[index])
            card = await work.first(cards.where(col(Licence.superseded_by_id).is_(None)))
            await renew_record(work, 'licences', card.id, renewal(card, work.now.date()))

        return deed

    # Absences, retirements, departures

    def _statuses(self) -> None:
        for index, (since, until, why) in AWAY.items():
            self._on(since, 13, PERSONNEL, statuses.change_status, self._leaving_for(index, since, until, why))
            if until:
                back = self._moving(index, MemberStatus.ACTIVE, 'Is back')
                self._on(until, 9, PERSONNEL, statuses.change_status, back)
        for index, (days, status, why) in OTHER.items():
            self._on(days, 16, OWNER, statuses.change_status, self._moving(index, status, why))
        for index, (days, why) in ENDED.items():
            self._on(days + 20, 10, PERSONNEL, leaving.plan_departure, self._parting(index, self._day(days), why))
            self._on(days - 1, 1, None, leaving.complete_departures, leaving.complete_departures)
        soon = self._parting(31, self._day(-18), 'Starts a course of study', checklist=True)
        self._on(8, 11, OWNER, leaving.plan_departure, soon)

    def _moving(self, index: int, to: MemberStatus, why: str) -> Hand:
        return lambda work: statuses.change_status(work, self.ids[index], to, why)

    def _leaving_for(self, index: int, since: int, until: int, why: str) -> Hand:
        async def deed(work: Work) -> None:
            await statuses.change_status(work, self.ids[index], MemberStatus.ON_LEAVE, why)
            absence = {'kind': why, 'from_on': self._day(since), 'until_on': self._day(until) if until else None}
            await add_record(work, self.ids[index], 'leaves', absence)

        return deed

    def _parting(self, index: int, last_on: date, why: str, *, checklist: bool = False) -> Hand:
        async def deed(work: Work) -> None:
            template = next(iter(await checklists.list_templates(work, ChecklistKind.LEAVING))) if checklist else None
            data = leaving.DepartureInput(last_on=last_on, reason=why, template_id=template.id if template else None)
            await leaving.plan_departure(work, self.ids[index], data)

        return deed

    # What people ask for and change themselves

    def _wishes(self) -> None:
        for index, days, field, value, why in (
            (16, 210, 'last_name', 'Stone-Rivera', 'Married'), (33, 95, 'birth_on', '1989-04-12', ''),
            (15, 6, 'first_name', 'Jonah Elias', 'As in my passport'), (18, 3, 'last_name', 'Weiss-Moreau', 'Married'),
            (24, 1, 'birth_on', '1992-11-03', 'Day and month were swapped'),
        ):  # fmt: skip
            self._on(days, 19, index, profile_changes.ask_for_change, self._asking(field, value, why))
        self._on(208, 9.5, PERSONNEL, profile_changes.decide_change, self._deciding(approve=True))
        self._on(93, 9.5, OWNER, profile_changes.decide_change, self._deciding(approve=False))
        for index, days in ((17, 160), (24, 88), (40, 37), (15, 9)):
            self._on(days, 20, index, profile.update_member, self._moving_house(index))

    def _asking(self, field: str, value: str, why: str) -> Hand:
        return lambda work: profile_changes.ask_for_change(work, field, value, why)

    def _deciding(self, *, approve: bool) -> Hand:
        async def deed(work: Work) -> None:
            waiting = select(ProfileChange).where(ProfileChange.status == ProfileChangeStatus.PENDING)
            row = await work.first(waiting.order_by(col(ProfileChange.id)))
            answer = '' if approve else 'The birth certificate says otherwise; please bring it along.'
            await profile_changes.decide_change(work, row.id, approve=approve, answer=answer)

        return deed

    def _moving_house(self, index: int) -> Hand:
        data = ProfileInput(street=f'{index * 3 + 1} Lighthouse Road')
        return lambda work: profile.update_member(work, self.ids[index], data)

    # What comes round

    def _routine(self) -> None:
        self._on(2, 8, OWNER, notifications.mark_all_read, notifications.mark_all_read)
        self._on(1, 6.25, None, remind_of_expiry, remind_of_expiry)
