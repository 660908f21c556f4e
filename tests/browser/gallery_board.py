"""The board of the gallery: columns and cards in memory, moved as a real page moves them."""

import asyncio
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from logic.core.actor import Actor
from logic.core.errors import Conflict
from ui import components as c
from ui import shell

COLUMNS = [
    c.BoardColumn(id=uuid5(NAMESPACE_DNS, name), title=name, tone=tone, limit=limit)
    for name, tone, limit in (('Pending', 'grey', None), ('In progress', 'blue', 3), ('Completed', 'green', None))
]
TITLES = (
    'Check the hose of Engine 2', 'Order gloves', 'Renew the pump certificate before the inspector comes in March',
    'Wash Ladder 3', 'Write minutes', 'Refill SCBA bottles', 'Call the county about the hydrant at Mill Street',
)  # fmt: skip


def cards() -> dict[UUID, c.BoardCard]:
    """Seven cards."""
    made = [
        c.BoardCard(
            id=uuid5(NAMESPACE_DNS, title), column=COLUMNS[index % 3].id, key=f'{index:03}', title=title, href='/folk',
            number=f'T-{1040 + index}', priority=c.Chip('High', 'red') if index % 3 == 0 else None,
            due=date(2026, 11, 20 + index) if index % 2 == 0 else None, late=index == 0, done=index % 3 == 2,
            people=['Elena Ruiz', 'Jide Okafor'][: index % 3],
            tags=[c.Chip('maintenance', 'blue')] if index < 3 else [],
            checklist='2/5' if index == 2 else '', comments=index,
        )
        for index, title in enumerate(TITLES)
    ]  # fmt: skip
    return {card.id: card for card in made}


async def read(actor: Actor, text: str) -> list[c.ReadLine]:
    """Understand nothing."""
    return [c.ReadLine(text, is_part=False, words=[])]


async def offer(actor: Actor, mark: str, begun: str) -> list[str]:
    """Offer one name."""
    return ['Jide Okafor']


def add(happened: list[dict[str, Any]], page: Any, permission: str) -> None:
    """Add the page to the gallery."""

    @page('/board/{number}', 'Card', permission)
    async def card(actor: Actor, number: str) -> None:
        await asyncio.sleep(0.7)
        shell.title(f'T-{number}')

    @page('/board', 'Board', permission)
    async def board_page(actor: Actor) -> None:
        known = cards()

        async def move(actor: Actor, wanted: c.Move) -> None:
            happened.append({'what': 'move', **wanted.model_dump(mode='json')})
            card = known[wanted.card]
            there = [one for one in known.values() if one.column == wanted.column and one.id != wanted.card]
            if wanted.column == COLUMNS[1].id and len(there) >= 3:
                raise Conflict('In progress holds three tasks at most. Finish one first.')
            above = known[wanted.after].key if wanted.after else ''
            fields = {name: getattr(card, name) for name in card.__slots__}
            known[card.id] = c.BoardCard(**fields | {'column': wanted.column, 'key': above + '0' if above else '000'})
            board.put(known[card.id])

        async def added(actor: Actor, what: c.Lines, field: c.TakesLines) -> None:
            for title in what.text.splitlines():
                card = c.BoardCard(
                    id=uuid5(NAMESPACE_DNS, title), column=what.column or COLUMNS[0].id, key='9', title=title,
                    href='/folk',
                )  # fmt: skip
                known[card.id] = card
                board.put(card)

        async def complete(actor: Actor, card_id: UUID) -> None:
            happened.append({'what': 'completed', 'card': str(card_id)})
            board.drop(card_id)

        c.Head('Station', 'What the station has to do')
        lines = c.LineHandlers(read, added, offer)
        c.QuickAddField('Add a task', lines, hint='Such as: Check hose friday')
        board = c.Board(
            'Station', COLUMNS, known.values(),
            c.BoardHandlers(move=move, add=lines, card=[c.CardAction('Complete', complete, 'sym_o_check_circle')]),
            draft=False,  # without a database there are none
        )  # fmt: skip

    add_calendar(happened, page, permission)


def add_calendar(happened: list[dict[str, Any]], page: Any, permission: str) -> None:
    """Add the calendar to the gallery."""

    @page('/calendar', 'Calendar', permission)
    async def calendar_page(actor: Actor) -> None:
        days = {uuid5(NAMESPACE_DNS, title): date(2026, 11, 3 + 4 * index) for index, title in enumerate(TITLES)}

        async def fetch(actor: Actor, first: date, until: date) -> list[c.CalendarEvent]:
            return [
                c.CalendarEvent(id=uuid5(NAMESPACE_DNS, title), title=title, start=days[uuid5(NAMESPACE_DNS, title)],
                                href='/folk', tone=('blue', 'red', 'green')[index % 3])
                for index, title in enumerate(TITLES) if first <= days[uuid5(NAMESPACE_DNS, title)] < until
            ] + [c.CalendarEvent(id=uuid5(NAMESPACE_DNS, 'drill'), title='Drill', start=datetime(2026, 11, 18, 19, 30),  # noqa: DTZ001
                                 href='/folk', tone='violet'),
                 c.CalendarEvent(id=uuid5(NAMESPACE_DNS, 'briefing'), title='Briefing', start=date(2026, 11, 18),
                                 href='/folk'),
                 c.CalendarEvent(id=uuid5(NAMESPACE_DNS, 'late'), title='Late duty', start=date(2026, 12, 4),
                                 href='/folk')]  # fmt: skip

        async def move(actor: Actor, shift: c.Shift) -> None:
            happened.append({'what': 'shift', **shift.model_dump(mode='json')})
            if shift.start.date() < date(2026, 11, 1):
                raise Conflict('That day is over.')
            days[shift.id] = shift.start.date()
            await calendar.refresh()

        c.Head('Calendar')
        calendar = c.Calendar('What is due', fetch, move=move)
