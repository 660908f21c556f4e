"""The home page says what waits and what is left to set up in the language of whoever looks."""

from datetime import UTC, datetime, timedelta

from logic import demo, home, tasks
from logic.core.language import speaking
from logic.tasks import TaskInput
from tests.conftest import House


async def test_first_steps_and_what_waits_are_said_in_german(house: House) -> None:
    today = datetime.now(UTC).date()
    await tasks.add_task(house.chief, TaskInput(title='Schlauch prüfen', due=today - timedelta(days=3)))
    with speaking('de'):
        steps = {step.name: (step.label, step.detail) for step in await home.setup_steps(house.chief)}
        waiting = [(item.text, item.detail) for item in (await home.waiting_for_me(house.chief)).rows]
    assert steps['stations'] == ('Ihre Wachen hinzufügen', 'Mit ihren Adressen')
    late = f'{today - timedelta(days=3):%d.%m.%Y}'
    assert waiting == [('Schlauch prüfen', f'T-1, Inbox, überfällig seit {late}')]


async def test_invented_people_are_no_roster(house: House) -> None:
    await demo.load_sample_data(house.chief)
    done = {step.name: step.is_done for step in await home.setup_steps(house.chief)}
    assert done['roster'] is False
