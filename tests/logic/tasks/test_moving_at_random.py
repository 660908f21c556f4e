"""Whatever people do with cards, in turn and at once, leaves the order that a list would have (rules 10 to 14)."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from data.database import database
from data.tasks import Task, rewrite_order
from logic import tasks
from logic.core.actor import Actor
from logic.core.errors import Conflict
from logic.core.live import Change, hub
from logic.tasks import MoveInput, order
from logic.tasks.order import DIGITS

LOW = order.WIDTH
"""So long a key has its column rebalanced in these tests: already the second or third insert in one place."""


@dataclass(frozen=True)
class Drag:
    """A card that is dropped below, above, or between what its mover sees; numbers are taken modulo what there is."""

    card: int
    column: int
    place: int
    names: str


@dataclass
class Table:
    """A board in the database, and beside it what it should look like: of each column the cards in their order."""

    list_id: UUID
    chief: Actor
    member: Actor
    columns: list[UUID]
    cards: dict[UUID, list[UUID]] = field(default_factory=dict)
    rebalanced: int = 0

    def seen(self) -> dict[UUID, list[UUID]]:
        """Return how a mover sees the board now; it may be old when he moves."""
        return {column: list(cards) for column, cards in self.cards.items()}

    async def rows(self) -> dict[UUID, Task]:
        async with database().read(self.chief.organization_id) as session:
            found = await session.exec(select(Task).where(Task.list_id == self.list_id))
            return {row.id: row for row in found.all()}

    async def read(self, actor: Actor) -> dict[UUID, list[UUID]]:
        board = await tasks.board(actor, self.list_id)
        return {lane.id: [card.id for card in lane.cards] for lane in board.lanes}

    def meant(self, drag: Drag, seen: dict[UUID, list[UUID]]) -> tuple[UUID, MoveInput]:
        """Return the move that a drag means to whoever sees the board so."""
        every = sorted(card for cards in seen.values() for card in cards)
        card = every[drag.card % len(every)]
        stood = next(column for column, cards in seen.items() if card in cards)
        column = self.columns[drag.column % len(self.columns)]
        rest = [other for other in seen[column] if other != card]
        at = drag.place % (len(rest) + 1)
        above, below = rest[at - 1] if at else None, rest[at] if at < len(rest) else None
        move = MoveInput(
            column=column, from_column=stood, before=above if 'b' in drag.names or below is None else None,
            after=below if 'a' in drag.names or above is None else None,
        )  # fmt: skip
        return card, move

    def put(self, card: UUID, move: MoveInput) -> bool:
        """Move a card as a list would; says whether it may be moved so."""
        stands, cards = next(pair for pair in self.cards.items() if card in pair[1])
        assert move.column is not None
        rest = [other for other in self.cards[move.column] if other != card]
        named = [(one, step) for one, step in ((move.before, 1), (move.after, 0)) if one is not None]
        here = [rest.index(one) + step for one, step in named if one in rest]
        if stands != move.from_column or (named and not here):
            return False
        cards.remove(card)
        rest.insert(here[0] if here else len(rest), card)
        self.cards[move.column] = rest
        return True

    async def crowd(self) -> None:
        """Put the cards of each column as close together as keys of this length allow, as many inserts would."""
        close = {card: f'M0000{DIGITS[at + 1]}' for cards in self.cards.values() for at, card in enumerate(cards)}
        async with database().write(self.chief.organization_id) as session:
            await rewrite_order(session, close)
            await session.commit()

    async def move(self, actor: Actor, card: UUID, move: MoveInput) -> None:
        """Move a card, and hold what is written and told of it against rules 10, 11, 13 and 14."""
        before, heard = await self.rows(), list[Change]()
        end = hub.subscribe_everywhere(['Task', 'BoardColumn', 'TaskList'], heard.append)
        may = self.put(card, move)
        try:
            await tasks.move_task(actor, card, move)
        except Conflict:
            assert not may
        else:
            assert may
        end()
        now = await self.rows()
        written = {row_id for row_id in now if now[row_id].version != before[row_id].version}
        placed = {row_id for row_id in now if now[row_id].order_key != before[row_id].order_key}
        assert written == ({card} if may else set())
        told = written | ({None} if placed - {card} else set())  # a new order of all is told as such
        assert {change.row_id for change in heard} == told
        assert len(heard) == len(told)
        if placed - {card}:
            assert max(len(now[row_id].order_key) for row_id in self.cards[move.column]) <= LOW + 1
            self.rebalanced += 1
        await self.hold(now)

    async def hold(self, rows: dict[UUID, Task]) -> None:
        """Hold that the stored order is total and is that of the model."""
        for column, cards in self.cards.items():
            here = sorted((row.order_key, row.id) for row in rows.values() if row.column_id == column)
            assert [row_id for _, row_id in here] == cards
            assert len({key for key, _ in here}) == len(cards)


@pytest.fixture
async def table(chief, member, columns, add, monkeypatch) -> Table:
    """A board with five cards in its first column, and two readers."""
    monkeypatch.setattr(order, 'LONGEST', LOW)
    made = Table(columns[0].list_id, chief, member, [column.id for column in columns])
    made.cards = {column.id: [] for column in columns}
    made.cards[columns[0].id] = [(await add(str(number))).id for number in range(5)]
    return made


async def agree(table: Table) -> None:
    """Hold that both readers see the same board, and that it is the one of the model."""
    assert await table.read(table.chief) == await table.read(table.member) == table.cards


numbers = st.integers(0, 9)
drags = st.builds(Drag, numbers, st.sampled_from([0, 0, 0, 1, 2]), numbers, st.sampled_from(['b', 'a', 'ba']))


@given(st.lists(st.tuples(st.booleans(), drags, st.none() | drags), min_size=1, max_size=10))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rules_10_to_14_moves_leave_what_a_list_would_also_those_that_were_meant_on_an_older_board(table, turns):
    for is_crowded, mine, theirs in turns:
        if is_crowded:
            await table.crowd()
        seen = table.seen()
        await table.move(table.chief, *table.meant(mine, seen))
        if theirs is not None:  # he sees the board as it was before
            await table.move(table.member, *table.meant(theirs, seen))
    await agree(table)


async def test_rule_11_inserts_in_one_place_rebalance_and_look_the_same(table):
    for turn in range(40):
        first, last = table.cards[table.columns[0]][0], table.cards[table.columns[0]][-1]
        move = MoveInput(column=table.columns[0], from_column=table.columns[0], before=first)
        await table.move((table.chief, table.member)[turn % 2], last, move)
    assert table.rebalanced >= 2
    await agree(table)


@given(st.booleans(), st.lists(drags, min_size=2, max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rules_10_to_12_moves_at_once_leave_one_order_that_is_the_same_for_all(table, is_crowded, together):
    if is_crowded:
        await table.crowd()
    seen = table.seen()
    moves = [table.meant(drag, seen) for drag in together]
    actors = [(table.chief, table.member)[turn % 2] for turn in range(len(moves))]
    calls = [tasks.move_task(actor, *move) for actor, move in zip(actors, moves, strict=True)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {Task, Conflict}
    table.cards = await table.read(table.chief)
    every = sorted(card for cards in seen.values() for card in cards)
    assert sorted(card for cards in table.cards.values() for card in cards) == every
    await table.hold(await table.rows())
    await agree(table)
