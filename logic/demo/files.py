"""What the file of an invented person holds: contacts, licences, papers, skills."""

import random  # allow LR13: draws what is invented, guards nothing
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from data.members import Licence, Member
from logic.core.work import Work
from logic.demo.people import PAID, SEED, Persona
from logic.members.file import add_record
from logic.members.inputs import MemberInput

Record = tuple[str, dict[str, Any]]
RELATIONS = ('Spouse', 'Mother', 'Father', 'Sister', 'Brother', 'Partner')
SKILLS = ('Rope rescue', 'Pump operation', 'Chainsaw', 'Boat handling', 'Radio', 'First aid instructor', 'Welding')
LANGUAGES = ('Spanish', 'French', 'German', 'Arabic', 'Polish', 'Portuguese')
SOON = {0: 12, 2: 25, 5: 40, 9: 55, 15: 18, 18: 6, 23: 70, 27: 84, 31: 33}
"""Days until the card of these people expires."""
LAPSED = {20: 9, 36: 30}
"""Days since it has."""
RENEWED = (17, 22, 26, 30, 34, 38)


def member_input(one: Persona, host: str, country: str, **fields: Any) -> MemberInput:
    """Return an invented person as somebody who adds him fills in the form."""
    return MemberInput(
        first_name=one.first_name, last_name=one.last_name, email=f'{one.mailbox}@{host}', phone=one.phone,
        street=one.street, city='Riverside', postcode='04000', region='Maine', country=country, birth_on=one.birth_on,
        joined_on=one.joined_on, employment_type=one.employment, title=one.title, **fields,
    )  # fmt: skip


async def fill_file(work: Work, member: Member, one: Persona, today: date) -> None:
    """Write the records of a person's file as of a day."""
    for kind, values in records(one, today):
        await add_record(work, member.id, kind, values)


def records(one: Persona, today: date) -> Iterator[Record]:
    """Yield what a person's file holds, the same each time."""
    chance = random.Random(SEED + one.index)  # noqa: S311  invented, not secret
    relative = chance.choice(('Alex', 'Robin', 'Jamie', 'Sam', 'Chris', 'Terry'))
    contact = {'relation': chance.choice(RELATIONS), 'phone': f'+1603555{100 + one.index:04}'}
    if one.index % 2 == 0:
        yield 'contacts', {'name': f'{relative} {one.last_name}', **contact}
    issued = today - timedelta(days=chance.randint(60, 600))
    left = SOON.get(one.index) or -LAPSED.get(one.index, -chance.randint(120, 640))
    if one.index in RENEWED:
        left = -200
        issued = today - timedelta(days=900)
    card = ('EMT certificate', 'State EMS office') if one.is_medic else ('CPR card', 'Heart association')
    numbered = {
        'kind': card[0],
        'issuer': card[1],
        'licence_number': f'{one.index + 1:03}-{chance.randint(1000, 9999)}',
    }
    yield 'licences', {**numbered, 'issued_on': min(issued, today), 'expires_on': today + timedelta(days=left)}
    if one.index % 3 == 0:
        examined = today - timedelta(days=chance.randint(20, 300))
        valid = {'issued_on': examined, 'expires_on': examined + timedelta(days=365)}
        yield 'documents', {'category': 'Medical', 'title': 'Fitness examination', **valid}
    if one.index % 4 == 0:
        yield 'skills', {'name': chance.choice(SKILLS), 'level': chance.choice(('basic', 'good', 'expert'))}
    if one.index % 7 == 0:
        yield 'languages', {'language': chance.choice(LANGUAGES), 'level': 'good'}
    if one.index in PAID:
        yield 'engagements', {'title': f'Employment as {one.title.lower()}', 'from_on': one.joined_on}


def renewal(card: Licence, today: date) -> dict[str, Any]:
    """Return the renewal of a card."""
    return {
        'kind': card.kind, 'issuer': card.issuer, 'licence_number': card.licence_number,
        'issued_on': today, 'expires_on': today + timedelta(days=730),
    }  # fmt: skip
