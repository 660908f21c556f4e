"""Countries, currencies, and whom to ask: what the settings and the help offer."""

import pytest
from pydantic import ValidationError

from logic import places
from logic.core.actor import Actor
from logic.identity import positions
from logic.organizations import OrganizationInput
from tests.conftest import House, person_with_account


def test_countries_and_currencies_have_names_and_what_is_no_more_is_left_out() -> None:
    assert dict(places.countries())['AT'] == 'Austria'
    assert not dict(places.countries()).keys() & places.NO_COUNTRIES
    assert dict(places.currencies())['EUR'] == 'EUR · Euro'
    assert 'DEM' not in dict(places.currencies())
    assert dict(places.countries('de'))['AT'] == 'Österreich'
    assert places.countries('nowhere') == places.countries()


WRONG = [('country', 'ZZ'), ('country', 'us'), ('currency', 'DEM'), ('currency', '')]


@pytest.mark.parametrize(('field', 'code'), WRONG)
def test_a_department_lies_in_a_country_that_is_one_and_pays_with_money_that_is(field: str, code: str) -> None:
    with pytest.raises(ValidationError, match=field):
        OrganizationInput.model_validate({'name': 'Riverside Fire', field: code})


async def test_everybody_is_told_whom_to_ask(house: House, member: Actor) -> None:
    await person_with_account(house.chief, 'Ada', 'Moss', 'ada@example.org', 'Administrator', 'Owner')
    found = [(who.name, who.position) for who in await positions.who_helps(member)]
    assert found == [('Ada Moss', 'Owner'), ('Elena Rossi', 'Owner')]
