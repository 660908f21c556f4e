"""A year of tasks of the invented department: its lists, what is done each week, what was done, and what is open."""

import random  # allow LR13: draws what is invented, guards nothing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from data.custom_fields import FieldKind
from data.tasks import AnchorMode, ColumnKind, ListVisibility, ShareLevel, Task, TaskPriority, TaskStatus
from logic import comments, custom_fields, tasks
from logic.core.work import Work
from logic.custom_fields import CustomFieldInput
from logic.demo import people as cast_of
from logic.demo.people import (
    DEPUTY,
    FIREFIGHTER,
    MARSHAL,
    OWNER,
    PERSONNEL,
    QUARTERMASTER,
    SECRETARY,
    TRAINER,
    TREASURER,
)
from logic.demo.stage import Act
from logic.tasks import ChecklistInput, ListInput, MoveInput, RepeatInput, ShareInput, TaskInput, TimeInput

SEED = 4242
STATION, TRAINING, INSPECTIONS, OFFICE = 'Station', 'Training', 'Inspections', 'Office'
LISTS = {
    STATION: (ListVisibility.ORGANIZATION, 'What keeps the houses and the rigs in order.', 'teal'),
    TRAINING: (ListVisibility.ORGANIZATION, 'Drills, courses and cards.', 'violet'),
    INSPECTIONS: (ListVisibility.SHARED, 'Buildings to be seen, and what was found there.', 'amber'),
    OFFICE: (ListVisibility.ORGANIZATION, 'Letters, purchases, and what has a date.', 'blue'),
}
ROUTINE = (
    (STATION, 'Check rigs and radios', 'FREQ=WEEKLY;BYDAY=MO', 0, QUARTERMASTER, ('maintenance',)),
    (STATION, 'Test the generator', 'FREQ=MONTHLY;BYDAY=1TU', 1, FIREFIGHTER, ('maintenance',)),
    (TRAINING, 'Report drill hours', 'FREQ=MONTHLY;BYMONTHDAY=-1', 0, TRAINER, ('paperwork',)),
)
"""List, title, rule, days late each time, who does it, labels."""
DONE = {
    STATION: (
        'Fix the bay door of Engine 2', 'Order medical gloves', 'Repaint the parking lines', 'Replace hose 14',
        'Clear the gutters', 'Send back the faulty pager', 'Refill the foam tank', 'Mend the kitchen tap',
        'Count the turnout gear', 'Charge the saw batteries', 'Renew the map book', 'Wash the dress uniforms',
    ),
    TRAINING: (
        'Book the burn tower', 'Ladder drill with Company 3', 'Invite the railway for a tour', 'Water rescue refresher',
        'Write the spring plan', 'Check who needs a CPR card', 'Hose drill for the newcomers', 'Order manikin lungs',
        'Night drill at the mill',
    ),
    INSPECTIONS: (
        'Riverside School', 'Harbor Inn', 'Quarry Road warehouse', 'Public library', 'Elm Street nursing home',
        'Mill Street garage', 'Ferry terminal', 'Town hall', 'Orchard Lane apartments',
    ),
}  # fmt: skip
OPEN = (
    (STATION, 'Replace the light over bay 3', -9, QUARTERMASTER, TaskPriority.HIGH, ('repair',), 'started'),
    (STATION, 'Get an offer for new boots', -3, QUARTERMASTER, TaskPriority.MEDIUM, ('purchase',), ''),
    (STATION, 'Clean the hydrant at Ferry Lane', 0, FIREFIGHTER, TaskPriority.MEDIUM, (), ''),
    (STATION, 'Service the compressor', 4, DEPUTY, TaskPriority.URGENT, ('maintenance',), 'started'),
    (STATION, 'Winter tires for the ambulance', 12, cast_of.AMBULANCE, TaskPriority.HIGH, ('maintenance',), ''),
    (TRAINING, 'Prepare the pump operator course', 0, OWNER, TaskPriority.HIGH, ('course',), 'started'),
    (TRAINING, 'Find a house for the search drill', 8, TRAINER, TaskPriority.MEDIUM, (), ''),
    (TRAINING, 'Order helmets for the youth group', -14, OWNER, TaskPriority.MEDIUM, ('purchase',), ''),
    (INSPECTIONS, 'Second visit: Harbor Inn', -2, MARSHAL, TaskPriority.URGENT, ('follow-up',), ''),
    (INSPECTIONS, 'Old cinema', 6, MARSHAL, TaskPriority.MEDIUM, (), 'started'),
    (INSPECTIONS, 'Grain store at the harbor', 15, MARSHAL, TaskPriority.MEDIUM, (), ''),
    (OFFICE, 'Answer the owner of 12 Mill Street', 1, OWNER, TaskPriority.HIGH, ('follow-up',), ''),
    (OFFICE, 'Renew the agreement with the college', 30, SECRETARY, TaskPriority.LOW, ('paperwork',), ''),
    (OFFICE, 'Sort the lost property', None, FIREFIGHTER + 1, TaskPriority.LOW, (), ''),
    (OFFICE, 'Pay the bill of the printer', -1, TREASURER, TaskPriority.HIGH, ('paperwork',), ''),
    (OFFICE, 'Invite everybody to the summer party', 10, PERSONNEL, TaskPriority.MEDIUM, (), 'started'),
)
"""List, title, days until it is due, who does it, priority, labels, and whether it is begun."""
STEPS = {
    'Prepare the pump operator course': ('Book the hall', 'Invite the teacher', 'Print the papers', 'Order lunch'),
    'Service the compressor': ('Change the filter', 'Measure the air', 'Note the hours'),
    'Invite everybody to the summer party': ('Choose a day', 'Ask who brings a salad'),
}
SAID = {
    'Replace the light over bay 3': ((FIREFIGHTER, 'The lamp is here, the ladder is not.'),
                                     (QUARTERMASTER, 'Ladder 3 is back on Thursday; then we do it.')),
    'Second visit: Harbor Inn': ((DEPUTY, 'They have asked for one more week. I told them no.'),),
    'Service the compressor': ((cast_of.COMPANY_B, 'It was loud again on Sunday.'),),
}  # fmt: skip
RIGS = ('Engine 2', 'Ladder 3', 'Tanker 5', 'Ambulance 1')
NOTED = {
    'Replace the light over bay 3': ('Ladder 3', '85'),
    'Get an offer for new boots': ('', '1420'),
    'Service the compressor': ('Tanker 5', '260.5'),
    'Winter tires for the ambulance': ('Ambulance 1', '640'),
    'Order helmets for the youth group': ('', '980'),
}
"""Title, the rig that it is about, and the expected cost."""
Ids = dict[int, UUID]


@dataclass(slots=True)
class TaskYear:
    """The acts of a year of tasks; `ids` are the members by their number in the cast."""

    moment: datetime
    zone: ZoneInfo
    ids: Ids
    made: dict[str, UUID] = field(default_factory=dict)

    def acts(self) -> list[Act]:
        """Return all acts; they are to be played in the order of their moments."""
        found = [
            self._at(300, 9, OWNER, tasks.add_list, self._all_lists),
            self._at(300, 9.5, OWNER, custom_fields.add_custom_field, self._fields),
        ]
        for at in range(len(ROUTINE)):
            found += self._routine(at)
        chance = random.Random(SEED)  # noqa: S311  invented, not secret
        for title_of_list, titles in DONE.items():
            for at, title in enumerate(titles):
                days = 285 - at * (270 // len(titles)) - chance.randint(0, 6)
                found += self._finished(title_of_list, title, days, chance)
        for at in range(len(OPEN)):
            found += self._open(at)
        return found

    def _at(self, days: int, hour: float, by: int, service: Any, deed: Callable[[Work], Any]) -> Act:
        midnight = datetime.combine(self._day(days), time(), self.zone)
        at = min(midnight + timedelta(hours=hour), self.moment - timedelta(minutes=5))
        return Act(at, service.name, lambda: self.ids[by], deed)

    def _day(self, days: int) -> date:
        return self.moment.astimezone(self.zone).date() - timedelta(days=days)

    async def open_lists(self, work: Work, *, only: str = '') -> None:
        """Make the lists, or one of them, with what is open there, as an act of the deputy; `work` acts for him.

        What belongs to the department stays as it is: no labels and no fields of its own are added.
        """
        homes = [only] if only else list(LISTS)
        await self._lists(work, homes)
        if INSPECTIONS in homes:
            await self._share(work, (MARSHAL, OWNER, SECRETARY))
        for at, (home, *_rest) in enumerate(OPEN):
            if home in homes:
                await self._add(work, at)

    async def _all_lists(self, work: Work) -> None:
        await self._lists(work, LISTS)
        await self._share(work, (MARSHAL, DEPUTY, SECRETARY))

    async def _lists(self, work: Work, titles: Iterable[str]) -> None:
        for title in titles:
            seen_by, text, colour = LISTS[title]
            data = ListInput(title=title, description=text, colour=colour, visibility=seen_by)
            row = await tasks.add_list(work, data)
            self.made[title] = row.id
            columns = await tasks.list_columns(work, row.id)
            self.made[f'{title}/started'] = next(one.id for one in columns if one.kind is ColumnKind.STARTED)

    async def _share(self, work: Work, indexes: tuple[int, ...]) -> None:
        for index in indexes:
            share = ShareInput(member_id=self.ids[index], level=ShareLevel.EDIT)
            await tasks.share_list(work, self.made[INSPECTIONS], share)

    async def _fields(self, work: Work) -> None:
        for name, kind, options in (('Rig', FieldKind.CHOICE, RIGS), ('Expected cost', FieldKind.NUMBER, ())):
            data = CustomFieldInput(name=name, kind=kind, options=options, order=len(options) == 0)
            self.made[name] = (await custom_fields.add_custom_field(work, 'Task', data)).id

    # What comes again

    def _routine(self, at: int) -> list[Act]:
        home, title, rule, late, by, labels = ROUTINE[at]

        async def add(work: Work) -> None:
            data = TaskInput(
                title=title, list_id=self.made[home], assignee_ids=[self.ids[by]], labels=list(labels),
                due=self._day(292), repeat=RepeatInput(rule=rule, mode=AnchorMode.SCHEDULE),
            )  # fmt: skip
            self.made[f'routine {at}'] = (await tasks.add_task(work, data)).id

        async def finish(work: Work) -> None:
            waiting = select(Task).where(Task.title == title, col(Task.status) == TaskStatus.PENDING)
            row = await work.first(waiting.order_by(col(Task.due_on)))
            if row is not None and row.due_on is not None and row.due_on <= work.now.astimezone(self.zone).date():
                await tasks.complete_task(work, row.id)

        every = 7 if 'WEEKLY' in rule else 30
        first = 292 - late
        return [
            self._at(299, 10 + at / 10, OWNER, tasks.add_task, add),
            *(self._at(days, 17 + at / 10, by, tasks.complete_task, finish) for days in range(first, 8, -every)),
        ]

    # What was done

    def _finished(self, home: str, title: str, days: int, chance: random.Random) -> list[Act]:
        by = MARSHAL if home == INSPECTIONS else chance.choice((TRAINER, QUARTERMASTER, *range(FIREFIGHTER, 20)))
        took = chance.randint(2, 12)
        minutes = chance.choice((30, 45, 60, 90, 120))

        async def add(work: Work) -> None:
            data = TaskInput(
                title=title, list_id=self.made[home], assignee_ids=[self.ids[by]], due=self._day(days - took - 2),
                priority=chance.choice(tuple(TaskPriority)),
            )  # fmt: skip
            self.made[title] = (await tasks.add_task(work, data)).id

        async def begin(work: Work) -> None:
            await self._begin(work, home, title)

        async def finish(work: Work) -> None:
            await tasks.add_time(work, self.made[title], TimeInput(minutes=minutes))
            await tasks.complete_task(work, self.made[title])

        return [
            self._at(days, 9.5, OWNER, tasks.add_task, add),
            self._at(days - took + 1, 8, OWNER, tasks.move_task, begin),
            self._at(days - took, 18, by, tasks.complete_task, finish),
        ]

    async def _begin(self, work: Work, home: str, title: str) -> None:
        here = (await work.get(Task, self.made[title])).column_id
        where = MoveInput(column=self.made[f'{home}/started'], from_column=here)
        await tasks.move_task(work, self.made[title], where)

    # What is open

    def _open(self, at: int) -> list[Act]:
        title = OPEN[at][1]

        async def add(work: Work) -> None:
            await self._add(work, at, fields=[self.made['Rig'], self.made['Expected cost']])

        def saying(text: str) -> Callable[[Work], Any]:
            body = comments.CommentInput(body=f'<p>{text}</p>')
            return lambda work: comments.add_comment(work, 'Task', self.made[title], body)

        said = [
            self._at(3 - place, 19 + at / 100, by, comments.add_comment, saying(text))
            for place, (by, text) in enumerate(SAID.get(title, ()))
        ]
        return [self._at(20 - at, 11 + at / 10, OWNER, tasks.add_task, add), *said]

    async def _add(self, work: Work, at: int, fields: Sequence[UUID] = ()) -> None:
        home, title, due, by, priority, labels, state = OPEN[at]
        data = TaskInput(
            title=title, list_id=self.made[home], assignee_ids=[self.ids[by]], priority=priority,
            due=None if due is None else self._day(-due), labels=list(labels if fields else ()),
            custom=dict(zip(fields, NOTED.get(title, ()), strict=False)),
        )  # fmt: skip
        self.made[title] = (await tasks.add_task(work, data)).id
        steps = [
            await tasks.add_step(work, self.made[title], ChecklistInput(title=one)) for one in STEPS.get(title, ())
        ]
        for step in steps[: len(steps) // 2]:
            await tasks.tick_step(work, step.id)
        if state == 'started':
            await self._begin(work, home, title)
