"""The invented people: who they are, where they belong, and since when; the same ones each time."""

import random  # allow LR13: draws what is invented, guards nothing
from dataclasses import dataclass
from datetime import date, timedelta

from data.members import EmploymentType

SEED = 20260
OWNER, DEPUTY, COMPANY_A, COMPANY_B, COMPANY_C, AMBULANCE, TRAINER = range(7)
MARSHAL, SECRETARY, TREASURER, QUARTERMASTER, PERSONNEL, LIEUTENANT_A, LIEUTENANT_B, LIEUTENANT_C = range(7, 15)
FIREFIGHTER = 15
"""The first without an office: who shows what a member sees."""
UNITS = ('Engine Company 1', 'Engine Company 2', 'Ladder Company 3', 'Ambulance')
NAMES = (
    'Margaret Holloway', 'Daniel Okafor', 'Grace Lindqvist', 'Marcus Bell', 'Teresa Navarro', 'Priya Raman',
    'Walter Brandt', 'Ines Carvalho', 'Ruth Abernathy', 'Harold Finch', 'Samuel Osei', 'Claire Dubois',
    'Owen Gallagher', 'Nadia Haddad', 'Peter Vance', 'Jonah Whitfield', 'Amelia Stone', 'Carlos Mendes',
    'Hannah Weiss', 'Tobias Reed', 'Leila Farahani', 'Victor Petrov', 'Maya Castellano', 'Erik Sandberg',
    'Joanna Kowalski', 'Isaac Turner', 'Fatima Zahra', 'Liam Docherty', 'Sofia Marino', 'Andre Baptiste',
    'Keiko Tanaka', 'Noah Bergmann', 'Rosa Delgado', 'Patrick Quinn', 'Yara Haddad', 'Simon Achebe',
    'Lucy Hartmann', 'Dmitri Sokolov', 'Emma Lavoie', 'Gabriel Santos', 'Freya Nielsen', 'Omar Siddiqui',
    'Beatrice Moore', 'Julian Frost', 'Anika Sharma', 'Colin Macrae', 'Elisa Ferrari', 'Thomas Egan',
    'Miriam Katz', 'Felix Wagner', 'Naomi Brooks', 'Stefan Ilic', 'Clara Jimenez', 'Aaron Pike',
    'Linnea Holm', 'Rafael Ortiz', 'Paula Becker', 'Hugo Lambert', 'Zoe Mitchell', 'Kofi Mensah',
    'Ivy Chandler', 'Bruno Keller', 'Greta Olsen', 'Malik Johnson', 'Celia Romano',
)  # fmt: skip
LATER = 52
"""From this one on they join in the course of the year."""
JOINED = (340, 338, 333, 262, 259, 205, 203, 198, 150, 121, 88, 37, 12)
"""Days since they did."""
STREETS = ('Mill Street', 'Orchard Lane', 'Harbor Road', 'Chestnut Avenue', 'Quarry Road', 'Elm Street', 'Ferry Lane')
OFFICES: dict[int, tuple[str, str, str, int | None]] = {
    OWNER: ('Operations', 'Chief', 'Fire chief', None),
    DEPUTY: ('Operations', 'Battalion Chief', 'Battalion chief', OWNER),
    COMPANY_A: (UNITS[0], 'Captain', 'Company captain', DEPUTY),
    COMPANY_B: (UNITS[1], 'Captain', 'Company captain', DEPUTY),
    COMPANY_C: (UNITS[2], 'Captain', 'Company captain', DEPUTY),
    AMBULANCE: (UNITS[3], 'Paramedic', 'EMS supervisor', OWNER),
    TRAINER: ('Training', 'Captain', 'Training officer', OWNER),
    MARSHAL: ('Prevention', 'Lieutenant', 'Fire marshal', OWNER),
    SECRETARY: ('Administration', '', 'Secretary', OWNER),
    TREASURER: ('Administration', '', 'Treasurer', OWNER),
    QUARTERMASTER: ('Administration', 'Engineer', 'Quartermaster', OWNER),
    PERSONNEL: ('Administration', '', 'Personnel officer', OWNER),
    LIEUTENANT_A: (UNITS[0], 'Lieutenant', 'Lieutenant', COMPANY_A),
    LIEUTENANT_B: (UNITS[1], 'Lieutenant', 'Lieutenant', COMPANY_B),
    LIEUTENANT_C: (UNITS[2], 'Lieutenant', 'Lieutenant', COMPANY_C),
}
"""Unit, rank, title and manager of those who hold an office."""
POSITIONS = {
    DEPUTY: 'Manager', COMPANY_A: 'Manager', COMPANY_B: 'Manager', COMPANY_C: 'Manager', AMBULANCE: 'Manager',
    TRAINER: 'Training officer', SECRETARY: 'Secretary', TREASURER: 'Treasurer', QUARTERMASTER: 'Quartermaster',
    PERSONNEL: 'HR manager',
}  # fmt: skip
PAID = frozenset({OWNER, DEPUTY, AMBULANCE, SECRETARY, PERSONNEL})


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented person."""

    index: int
    first_name: str
    last_name: str
    unit: str
    rank: str
    title: str
    manager: int | None
    """The index of the one he reports to."""
    station: int
    membership: str
    employment: EmploymentType
    joined_on: date
    birth_on: date
    street: str

    @property
    def mailbox(self) -> str:
        """The part of the address before the host."""
        return f'{self.first_name}.{self.last_name}'.lower()

    @property
    def phone(self) -> str:
        """A number that is reserved for fiction."""
        return f'+1207555{100 + self.index:04}'

    @property
    def is_medic(self) -> bool:
        """Say whether the ambulance is where he serves."""
        return self.unit == UNITS[3]


def personas(today: date) -> list[Persona]:
    """Return the people as of a day: those who were there a year before first, then those who join within it."""
    chance = random.Random(SEED)  # noqa: S311  invented, not secret
    return [_persona(index, name, today, chance) for index, name in enumerate(NAMES)]


def _persona(index: int, name: str, today: date, chance: random.Random) -> Persona:
    first, _, last = name.partition(' ')
    unit, rank, title, manager = OFFICES.get(index) or _crew(index)
    joined = today - timedelta(days=chance.randint(500, 9000 if index < FIREFIGHTER else 5500))
    if index >= LATER:
        joined = today - timedelta(days=JOINED[index - LATER])
    age = timedelta(days=chance.randint(19 * 365, 34 * 365))
    office = unit == 'Administration'
    return Persona(
        index, first, last, unit, rank, title, manager,
        station=UNITS.index(unit) % 3 if unit in UNITS else 0,
        membership='Probationary' if index >= LATER else 'Administrative' if office else 'Active',
        employment=EmploymentType.FULL_TIME if index in PAID else EmploymentType.VOLUNTEER,
        joined_on=joined, birth_on=joined - age,
        street=f'{chance.randint(1, 180)} {chance.choice(STREETS)}',
    )  # fmt: skip


def _crew(index: int) -> tuple[str, str, str, int]:
    at = index % 4
    boss = (LIEUTENANT_A, LIEUTENANT_B, LIEUTENANT_C, AMBULANCE)[at]
    if at == 3:
        rank = 'Paramedic' if index % 3 == 0 else 'EMT'
        return UNITS[3], rank, 'Ambulance crew', boss
    driver = index % 5 == 0 and index < LATER
    return UNITS[at], 'Engineer' if driver else 'Firefighter', 'Driver' if driver else 'Firefighter', boss
