"""A board of a thousand cards: what its page costs beside an empty one, and what one move writes and tells."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import database as databases
from data.tasks import ListVisibility
from logic import tasks
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.core.listing import ListQuery
from logic.core.live import Change, hub
from logic.identity import sessions
from logic.start import opened
from logic.tasks import ListInput, MoveInput
from tests.benchmarks import installation
from tests.benchmarks.served import Served, serve

CARDS, VISIBLE, ROUNDS = 1000, 100, 15
MOST = 1.5
"""Times the processor time of an empty page, for each hundred cards."""


async def _fill(folder: Path) -> tuple[str, str, str]:
    made = await installation.make(folder, members=20, open_for=1)
    async with opened(Settings(_env_file=None, data_dir=folder)):  # type: ignore[call-arg]
        owner = await sessions.actor_for(made.tokens[0])
        full = await tasks.add_list(owner, ListInput(title='Full', visibility=ListVisibility.ORGANIZATION))
        empty = await tasks.add_list(owner, ListInput(title='Empty', visibility=ListVisibility.ORGANIZATION))
        for at in range(0, CARDS, 200):
            text = '\n'.join(f'Task {number} *maintenance !high' for number in range(at, at + 200))
            await tasks.quick_add(owner, text, full.id)
        return made.tokens[0], str(full.id), str(empty.id)


@pytest.fixture
async def filled(tmp_path: Path) -> tuple[Path, str, str, str]:
    folder = tmp_path / 'data'
    return folder, *await _fill(folder)


@pytest.fixture
def served(filled: tuple[Path, str, str, str]) -> Iterator[Served]:
    with serve(filled[0]) as running:
        yield running


def _cost(served: Served, token: str, path: str) -> tuple[float, int]:
    with served.browser(token) as browser:
        for _ in range(4):
            browser.get(path)
        served.ask('requests')
        for _ in range(ROUNDS):
            assert browser.get(path).status_code == 200
    seen = [one for one in served.ask('requests') if one['path'] == path]
    return statistics.median(one['cpu_ms'] for one in seen), max(len(one['statements']) for one in seen)


@pytest.mark.benchmark
def test_each_hundred_cards_cost_less_than_half_an_empty_page_more(
    served: Served, filled: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, token, full, empty = filled
    bare, few = _cost(served, token, f'/tasks/lists/{empty}')
    whole, many = _cost(served, token, f'/tasks/lists/{full}')
    hundred = (whole - bare) / (CARDS / VISIBLE)
    with capsys.disabled():
        print(f'\nboard: empty {bare:.1f} ms, {CARDS} cards {whole:.1f} ms, each 100 cards {hundred:.1f} ms more')
        print(f'board: statements {few} empty, {many} full')
    assert bare + hundred <= MOST * bare
    assert many - few <= 1, 'people and labels are one statement for any number of cards'


@pytest.mark.benchmark
async def test_one_move_writes_one_row_and_tells_of_one(database: databases.Database, chief: Actor) -> None:
    station = await tasks.add_list(chief, ListInput(title='Station'))
    await tasks.quick_add(chief, '\n'.join(f'Task {number}' for number in range(CARDS // 5)), station.id)
    cards = (await tasks.list_tasks(chief, ListQuery(page_size=3))).rows
    told: list[Change] = []
    end = hub.subscribe(chief.organization_id, ['Task'], told.append)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if (
            statement.lstrip()
            .upper()
            .startswith(('UPDATE TASK ', 'INSERT INTO TASK ', 'UPDATE "TASK"', 'UPDATE `TASK`'))
        ):
            written.append(statement)

    sa.event.listen(sa.engine.Engine, 'before_cursor_execute', note)
    try:
        here = cards[0].column.id
        await tasks.move_task(chief, cards[0].id, MoveInput(before=cards[2].id, column=here, from_column=here))
    finally:
        sa.event.remove(sa.engine.Engine, 'before_cursor_execute', note)
        end()
    assert len(written) == 1
    assert [change.row_id for change in told] == [cards[0].id]
