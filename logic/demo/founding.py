"""Makes the department of the demo: founded a year ago, then lived in until today."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import col

from data.core import now
from data.database import database
from data.organizations import OrganizationKind
from data.work import JobRow
from logic import setup
from logic.core.actor import Actor
from logic.core.work import Work
from logic.demo.people import DEPUTY, FIREFIGHTER, OWNER, personas
from logic.demo.stage import play, stamped
from logic.demo.year import Year
from logic.identity.passwords import hash_password
from logic.organizations import OrganizationInput

ZONE = 'America/New_York'
HOST = 'example.org'
PASSWORD = 'seven quiet lanterns at dawn'  # noqa: S105  printed for whoever starts the demo, good for nothing else
DAYS = 365
READ_DAYS = 3
"""Nobody has looked at his bell for so long."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """With what to sign in, and as what."""

    role: str
    name: str
    email: str
    password: str


async def found_demo() -> list[SignIn]:
    """Make the department in an empty installation; returns with what an owner, a manager and a member sign in."""
    moment = now()
    today = moment.astimezone(ZoneInfo(ZONE)).date()
    cast = personas(today)
    owner = cast[OWNER]
    about = OrganizationInput(
        name='Riverside Fire & Rescue', kind=OrganizationKind.COMBINED, zone=ZONE, country='US',
        address='1 Harbor Road, Riverside, Maine', phone='+1 207 555 0100',
    )  # fmt: skip
    account = setup.OwnerInput(
        first_name=owner.first_name, last_name=owner.last_name, email=f'{owner.mailbox}@{HOST}',
        password=SecretStr(PASSWORD),
    )  # fmt: skip
    began = moment - timedelta(days=DAYS)
    async with database().write(None) as session:
        work = Work(session, Actor.system(name='First run'), setup.found_department.name, began)
        with stamped(work, began):
            made = await setup.found_department(work, about, account, is_demo=True)
            await work.finish()
        await session.commit()
        work.committed()
    year = Year(cast, moment, ZoneInfo(ZONE), HOST, await hash_password(PASSWORD))
    year.ids[OWNER] = made.member_id
    await play(made.organization_id, year.acts())
    async with database().write(made.organization_id) as session:  # what the year told was read long ago
        told = col(JobRow.name).contains('.tell_'), col(JobRow.run_at) < moment - timedelta(days=READ_DAYS)
        await session.exec(sa.delete(JobRow).where(*told))
        await session.commit()
    return [
        SignIn(role, f'{one.first_name} {one.last_name}', f'{one.mailbox}@{HOST}', PASSWORD)
        for role, one in (('Owner', owner), ('Manager', cast[DEPUTY]), ('Member', cast[FIREFIGHTER]))
    ]
