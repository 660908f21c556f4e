"""What tests of tasks share: a list that the whole department works in, and somebody else."""

from collections.abc import Awaitable, Callable

import pytest

from data.tasks import BoardColumn, ListVisibility, ShareLevel, Task, TaskList
from logic import tasks
from logic.core.actor import Actor
from logic.tasks import ListInput, TaskInput
from tests.conftest import person_with_account

Add = Callable[..., Awaitable[Task]]


@pytest.fixture
async def other(chief: Actor) -> Actor:
    """Mara, another member."""
    return await person_with_account(chief, 'Mara', 'Lind', 'mara@example.org', 'Member')


@pytest.fixture
async def station(chief: Actor) -> TaskList:
    """A list that everybody works in."""
    wanted = ListInput(
        title='Station', visibility=ListVisibility.ORGANIZATION, organization_level=ShareLevel.EDIT
    )  # fmt: skip
    return await tasks.add_list(chief, wanted)


@pytest.fixture
async def columns(chief: Actor, station: TaskList) -> list[BoardColumn]:
    """Pending, in progress, completed."""
    return await tasks.list_columns(chief, station.id)


@pytest.fixture
def add(chief: Actor, station: TaskList) -> Add:
    """Add a task to the station's list, by the chief."""

    async def add_to_station(title: str = 'Check hose', by: Actor = chief, **more: object) -> Task:
        return await tasks.add_task(by, TaskInput(title=title, list_id=station.id, **more))  # type: ignore[arg-type]

    return add_to_station
