"""Adding and changing people: only a name is needed, one e-mail and number each, and each field by its right."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from data import database as databases
from data.organizations import PeerContact
from logic import departments, members, organizations
from logic.core.actor import Actor, ActorKind
from logic.core.errors import Conflict, Denied, Invalid, NotFound
from logic.custom_fields import CustomFieldInput, add_custom_field, update_custom_field
from logic.members import MemberInput, ProfileInput
from logic.members.custom_fields import set_custom_values
from logic.members.names import clean, fold, normal_email, normal_phone, shown_phone, typed_phone
from logic.members.tags import TagInput, add_tag, remove_tag, set_tags
from tests.conftest import person_with_account
from tests.logic.members.conftest import Add


async def test_only_a_name_is_needed(chief: Actor) -> None:
    one = await members.add_member(chief, MemberInput(last_name='  Cher \n '))
    assert (one.name, one.number, one.email) == ('Cher', '0001', None)
    with pytest.raises(ValidationError):
        MemberInput(email='x@example.org')


async def test_numbers_follow_the_departments_prefix_and_skip_given_ones(chief: Actor, add: Add) -> None:
    await organizations.change_settings(chief, member_number_prefix='FD-', member_number_digits=3)
    await add('Given', 'One', number='FD-050')
    await add('Given', 'Two', number='FD-003')
    numbers = [(await add('Auto', str(at))).number for at in range(3)]
    assert numbers == ['FD-001', 'FD-002', 'FD-051']


async def test_a_former_number_is_kept(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', number='7')
    await members.update_member(chief, ann.id, ProfileInput(number='8'))
    await members.update_member(chief, ann.id, ProfileInput(number='9'))
    assert (await members.get_member(chief, ann.id)).former_number == '8 7'
    with pytest.raises(Invalid):
        await members.update_member(chief, ann.id, ProfileInput(number=''))


async def test_an_email_and_a_number_belong_to_one_person_and_the_refusal_names_him(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg', number='A7', email='Ann@Example.org')
    with pytest.raises(Invalid) as refusal:
        await add('Bo', 'Chan', number='A7', email='ANN@example.ORG')
    assert refusal.value.fields == {
        'email': 'Ann Berg (A7) has this e-mail address already.',
        'number': 'Ann Berg (A7) has this number already.',
    }


async def test_two_people_without_email_are_no_clash(chief: Actor, add: Add) -> None:
    await add('Ann', 'Berg')
    await add('Bo', 'Chan', email='')


@pytest.mark.parametrize(
    ('fields', 'field'),
    [
        ({'email': 'not an address'}, 'email'),
        ({'phone': 'call me'}, 'phone'),
        ({'phone': '12'}, 'phone'),
        ({'birth_on': date(2990, 1, 1)}, 'birth_on'),
        ({'birth_on': date(2000, 1, 1), 'joined_on': date(1999, 1, 1)}, 'joined_on'),
        ({'status': 'left'}, 'status'),
    ],
)
async def test_what_cannot_be_right_is_refused_at_its_field(add: Add, fields: dict[str, Any], field: str) -> None:
    try:
        await add('Ann', 'Berg', **fields)
    except Invalid as refusal:
        assert field in refusal.fields  # noqa: PT017  which of them is the test
    except ValidationError as error:
        assert field in str(error)  # noqa: PT017  the year is out of range already for the model
    else:
        pytest.fail('It was taken.')


async def test_possible_duplicates_are_named_with_the_reason(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', birth_on=date(1990, 1, 2), phone='+16235550101')
    same_name = await members.find_duplicates(
        chief, ProfileInput(first_name='ann', last_name='BERG', birth_on=date(1990, 1, 2))
    )
    assert [(one.member_id, one.why) for one in same_name] == [(ann.id, 'same name and birth date')]
    same_phone = await members.find_duplicates(chief, ProfileInput(first_name='X', phone='(623) 555-0101'))
    assert [one.why for one in same_phone] == ['same phone']
    assert await members.find_duplicates(chief, ProfileInput(first_name='Ann', last_name='Berg')) == []


@pytest.fixture
async def clerk(chief: Actor) -> Actor:
    """Clay, who adds people, and sees neither contacts nor private data; the attacker's first account."""
    clay = await person_with_account(chief, 'Clay', 'Low', 'clay@example.org', 'Member')
    return replace(clay, permissions=clay.permissions | {'members.add'})


async def guessed(actor: Actor, **said: Any) -> list[tuple[str, str]]:
    found = await members.find_duplicates(actor, ProfileInput(first_name='Vic', last_name='Tim', **said))
    return [(one.name, one.why) for one in found]


async def test_who_adds_people_learns_no_birth_date_by_guessing(chief: Actor, clerk: Actor, add: Add) -> None:
    await add('Vic', 'Tim', birth_on=date(1990, 1, 2))
    for guess in (date(1990, 1, 2), date(1990, 1, 3), None):
        assert await guessed(clerk, birth_on=guess) == [('Vic Tim', 'same name')]
    private = replace(clerk, permissions=clerk.permissions | {'members.view_private'})
    assert await guessed(private, birth_on=date(1990, 1, 2)) == [('Vic Tim', 'same name and birth date')]
    assert await guessed(private, birth_on=date(1990, 1, 3)) == []


@pytest.mark.parametrize('field', ['phone', 'home_phone'])
async def test_who_adds_people_learns_no_phone_by_guessing(
    chief: Actor, clerk: Actor, member: Actor, add: Add, field: str
) -> None:
    """The second account belongs to a colleague who shows his phone, so a guess that is confirmed looks otherwise."""
    phone = '+16235550101'
    hiding = await add('Hidden', 'Person', hides_phones=True, **{field: phone})
    shown = await members.update_member(member, member.member_id, ProfileInput(**{field: phone}))  # type: ignore[arg-type]

    async def said(actor: Actor, number: str) -> set[str]:
        found = await members.find_duplicates(actor, ProfileInput(first_name='X', phone=number))
        return {one.name for one in found}

    assert await said(clerk, phone) == await said(clerk, '+16235550199') == set()
    await organizations.change_settings(chief, show_peer_contacts=frozenset(PeerContact))
    assert await said(clerk, phone) == {shown.name}
    await members.update_member(chief, hiding.id, ProfileInput(hides_phones=False, hides_contacts=True))
    assert await said(clerk, phone) == {shown.name}
    assert await said(chief, phone) == {shown.name, hiding.name}


async def test_who_adds_people_hears_nothing_of_archived_people_that_he_does_not_see(
    chief: Actor, clerk: Actor, add: Add
) -> None:
    ann = await add('Vic', 'Tim', phone='+16235550101')
    await members.archive_member(chief, ann.id)
    assert await guessed(clerk, phone='+16235550101') == []
    assert await guessed(chief, phone='+16235550101') == [('Vic Tim', 'same phone')]


async def test_a_stale_form_does_not_overwrite(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    await members.update_member(chief, ann.id, ProfileInput(first_name='Anna'), version=1)
    with pytest.raises(Conflict, match='meanwhile'):
        await members.update_member(chief, ann.id, ProfileInput(first_name='Anne'), version=1)


async def test_a_manager_edits_his_people_but_not_their_private_data(
    chief: Actor, manager: Actor, member: Actor, add: Add
) -> None:
    ann = await add('Ann', 'Berg', manager_id=manager.member_id)
    await members.update_member(manager, ann.id, ProfileInput(phone='+16235550101'))
    with pytest.raises(Denied, match='birth date'):
        await members.update_member(manager, ann.id, ProfileInput(birth_on=date(1990, 1, 1)))
    with pytest.raises(Denied):
        await members.view_private_data(manager, ann.id)
    with pytest.raises(Denied):
        await members.update_member(member, ann.id, ProfileInput(phone='+16235550102'))
    with pytest.raises(Denied):
        await members.add_member(member, MemberInput(last_name='X'))


async def test_the_person_sees_his_own_private_data(chief: Actor, member: Actor) -> None:
    assert member.member_id is not None
    await members.update_member(chief, member.member_id, ProfileInput(birth_on=date(1990, 1, 1), notes='Kind'))
    assert (await members.view_private_data(member, member.member_id)).birth_on == date(1990, 1, 1)
    view = await members.get_member(member, member.member_id)
    assert view.is_self
    assert not view.may_edit
    assert 'birth_on' not in view.model_dump()


async def test_a_key_for_programs_has_its_scopes_and_not_the_persons_own_rights(member: Actor) -> None:
    assert member.member_id is not None
    key = replace(member, kind=ActorKind.API_KEY)
    with pytest.raises(Denied):
        await members.view_private_data(key, member.member_id)
    with pytest.raises(Denied):
        await members.update_member(key, member.member_id, ProfileInput(phone='+16235550101'))
    assert not (await members.get_member(key, member.member_id)).shows('phone')


async def test_a_key_does_not_change_its_owners_legal_name_alone(chief: Actor) -> None:
    await person_with_account(chief, 'Sam', 'Second', 'sam@example.org', 'Administrator')
    key = replace(chief, kind=ActorKind.API_KEY)
    assert key.member_id is not None
    with pytest.raises(Denied, match='somebody else approves'):
        await members.update_member(key, key.member_id, ProfileInput(last_name='Bianchi'))


async def test_what_a_person_names_must_be_ours_and_in_use(chief: Actor, stranger: Actor, add: Add) -> None:
    theirs = (await departments.list_stations(stranger))[0]
    with pytest.raises(NotFound):
        await add('Ann', 'Berg', station_id=theirs.id)
    ours = (await departments.list_stations(chief))[0]
    await departments.archive_station(chief, ours.id)
    with pytest.raises(Invalid) as refusal:
        await add('Ann', 'Berg', station_id=ours.id)
    assert 'archived' in refusal.value.fields['station_id']


async def test_custom_fields_keep_their_kind_and_hide_what_is_private(chief: Actor, member: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    size = await add_custom_field(chief, 'Member', CustomFieldInput(name='Boots', kind='choice', options=('41', '42')))  # type: ignore[arg-type]
    blood = await add_custom_field(chief, 'Member', CustomFieldInput(name='Blood group', is_private=True))
    await set_custom_values(chief, ann.id, {size.id: '42', blood.id: 'A+'})
    assert (await members.get_member(member, ann.id)).custom == {size.id: '42'}
    assert (await members.view_private_data(chief, ann.id)).custom == {blood.id: 'A+'}
    with pytest.raises(Invalid):
        await set_custom_values(chief, ann.id, {size.id: '43'})
    with pytest.raises(Conflict, match='42'):
        await update_custom_field(chief, size.id, CustomFieldInput(name='Boots', kind='choice', options=('41',)))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match='kind stays'):
        await update_custom_field(chief, size.id, CustomFieldInput(name='Boots'))
    await set_custom_values(chief, ann.id, {size.id: ''})
    assert (await members.get_member(member, ann.id)).custom == {}
    with pytest.raises(Denied):
        await set_custom_values(member, ann.id, {size.id: '41'})


async def test_a_removed_tag_is_gone_from_all_who_carried_it(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg')
    tag = await add_tag(chief, TagInput(name='Drivers'))
    await set_tags(chief, ann.id, {tag.id})
    assert [label.name for label in (await members.get_member(chief, ann.id)).tags] == ['Drivers']
    assert await remove_tag(chief, tag.id) == 1
    assert (await members.get_member(chief, ann.id)).tags == []


@pytest.mark.parametrize(
    ('joined', 'until', 'length'),
    [
        (date(2020, 2, 29), date(2021, 2, 28), (1, 0)),
        (date(2020, 1, 31), date(2020, 2, 29), (0, 1)),
        (date(2001, 5, 10), date(2026, 5, 9), (24, 11)),
        (date(2001, 5, 10), date(2026, 5, 10), (25, 0)),
        (None, date(2026, 1, 1), (0, 0)),
        (date(2027, 1, 1), date(2026, 1, 1), (0, 0)),
    ],
)
def test_length_of_service_counts_whole_years_and_months_by_calendar(
    joined: date | None, until: date, length: tuple[int, int]
) -> None:
    assert members.service_length(joined, until) == length


@given(st.text(max_size=80))
def test_clean_text_stays_clean_and_folding_is_stable(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert '\x00' not in clean(text)
    assert fold(fold(text)) == fold(text)


def test_mail_and_phones_have_one_form() -> None:
    assert normal_email(' Élodie@EXAMPLE.org ') == 'élodie@example.org'
    assert normal_phone('0171 1234567', 'DE') == normal_phone('+49 171 1234567', 'US') == '+491711234567'
    with pytest.raises(Invalid, match='not a phone number'):
        normal_phone('555-0101', 'US')


async def test_a_person_of_another_department_does_not_exist(
    chief: Actor, stranger: Actor, add: Add, database: databases.Database
) -> None:
    ann = await add('Ann', 'Berg')
    for attempt in (
        members.get_member(stranger, ann.id), members.update_member(stranger, ann.id, ProfileInput(last_name='X')),
        members.view_private_data(stranger, ann.id), members.membership_history(stranger, ann.id),
        members.archive_member(stranger, ann.id), members.set_tags(stranger, ann.id, set()),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await attempt


@pytest.mark.parametrize(
    ('number', 'country', 'read'),
    [
        ('+12125550188', 'US', '(212) 555-0188'),
        ('+12125550188', 'DE', '+1 212-555-0188'),
        ('+4930901820', 'DE', '030 901820'),
        ('+4930901820', '', '+49 30 901820'),
        ('+16955550129', 'US', '+1 695-555-0129'),  # no such area: without its +1 nobody could dial it
        ('123', 'US', '123'),
        ('no number', 'US', 'no number'),
    ],
)
def test_a_phone_number_is_read_as_from_where_the_department_is(number: str, country: str, read: str) -> None:
    assert shown_phone(number, country) == read


@pytest.mark.parametrize(
    'number', ['+12125550188', '+4930901820', '+5491123456789', '+390612345678', '123', 'no number']
)
@pytest.mark.parametrize('country', ['US', 'DE', 'AR', 'IT', ''])
def test_an_editor_offers_a_phone_number_as_its_country_writes_it_where_that_is_read_back(
    number: str, country: str
) -> None:
    typed = typed_phone(number, country)
    assert typed == shown_phone(number, country)
    if number.startswith('+'):
        assert normal_phone(typed, country) == number


async def test_a_number_is_offered_as_of_the_country_where_the_person_lives(chief: Actor, add: Add) -> None:
    ann = await add('Ann', 'Berg', country='DE', phone='030 901820')
    assert ann.phone == '+4930901820'
    person = await members.get_member(chief, ann.id)
    assert typed_phone(person.phone, person.typed_country) == '030 901820'
    assert shown_phone(person.phone, person.phone_country) == '+49 30 901820'
    assert 'typed_country' not in person.model_dump()
