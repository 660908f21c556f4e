"""The first run: a one-time link, three screens, and a department that stands with its seeds and its owner."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import func, update
from sqlmodel import col, select

from data.identity import Account, PasswordCredential, SetupLink
from data.members import Member, MemberStatus
from data.organizations import Organization, OrganizationKind
from logic.core.domain import Domain, domains
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.language import later
from logic.core.service import PUBLIC, SYSTEM, query, service
from logic.core.work import Work
from logic.identity.passwords import hash_password, vet_password
from logic.identity.positions import give_member_position, local_today
from logic.identity.seeds import MEMBER, OWNER
from logic.identity.tokens import new_token, token_hash
from logic.members.names import index_names
from logic.organizations import OrganizationInput, create_organization

domain = Domain('setup', title='First run')
LINK_LIFE = timedelta(minutes=30)
ONE_LINE = r'^[^\x00-\x1f]*$'
OWNER_NUMBER = '0000'
"""Not the first of the sequence: a roster that is imported next has its own numbers, which begin there."""


class OwnerInput(BaseModel):
    """The person who sets Logbook up and owns the department."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    first_name: Annotated[str, Field(title=later('First name'), min_length=1, max_length=80, pattern=ONE_LINE)]
    last_name: Annotated[str, Field(title=later('Last name'), min_length=1, max_length=80, pattern=ONE_LINE)]
    email: Annotated[str, Field(title=later('E-mail'), max_length=254, pattern=r'^[^@\s]+@[^@\s]+\.[^@\s]+$')]
    password: Annotated[SecretStr, Field(title=later('Password'), max_length=1024)]


class SetupInput(BaseModel):
    """All three screens together."""

    model_config = ConfigDict(extra='forbid')

    organization: OrganizationInput
    owner: OwnerInput
    modules_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the first run made."""

    organization_id: UUID
    account_id: UUID
    member_id: UUID


def preset_modules_off(kind: OrganizationKind) -> frozenset[str]:
    """Return the modules that a department of this kind begins without."""
    office = {OrganizationKind.CLINIC, OrganizationKind.MUNICIPAL, OrganizationKind.OTHER}
    unusual = {'apparatus', 'elections'} if kind in office else {'recruitment', 'performance'}
    return frozenset(name for name, known in domains.items() if known.switchable and name in unusual)


async def _has_organization(work: Work) -> bool:
    return await work.first(select(Organization.id).limit(1)) is not None


@query(PUBLIC)
async def is_set_up(work: Work) -> bool:
    """Say whether a department exists."""
    return await _has_organization(work)


@service(SYSTEM)
async def new_setup_link(work: Work) -> str:
    """Return the token of a new setup link, good for 30 minutes and one use; earlier ones end. Raises Conflict."""
    if await _has_organization(work):
        raise Conflict('This Logbook is set up already.')
    await work.execute(update(SetupLink).where(col(SetupLink.used_at).is_(None)).values(used_at=work.now))
    token = new_token()
    work.add(SetupLink(token_hash=token_hash(token), expires_at=work.now + LINK_LIFE))
    return token


@query(PUBLIC)
async def check_setup_link(work: Work, token: str) -> bool:
    """Say whether a setup link may still be used."""
    link = await work.first(select(SetupLink).where(SetupLink.token_hash == token_hash(token)))
    return link is not None and link.used_at is None and link.expires_at > work.now


@service(PUBLIC)
async def set_up(work: Work, token: str, data: SetupInput) -> SetUp:
    """Make the first department with its owner. First use of the link wins. Raises Denied, Invalid."""
    used = await work.execute(
        update(SetupLink)
        .where(
            col(SetupLink.token_hash) == token_hash(token),
            col(SetupLink.used_at).is_(None),
            col(SetupLink.expires_at) > work.now,
        )
        .values(used_at=work.now)
    )
    if used != 1 or await _has_organization(work):
        raise Denied('This setup link was used or has expired. Start Logbook again: it prints a new one.')
    return await found_department(work, data.organization, data.owner, modules_off=data.modules_off)


@service(SYSTEM)
async def found_department(
    work: Work,
    organization: OrganizationInput,
    owner: OwnerInput,
    *,
    modules_off: frozenset[str] = frozenset(),
    is_demo: bool = False,
) -> SetUp:
    """Make a department with its seeds and its owner, who gets an account. Raises Invalid for a weak password."""
    about = (owner.first_name, owner.last_name, owner.email, organization.name)
    text = await vet_password(owner.password.get_secret_value(), with_mfa=False, about=about)
    made = await create_organization(work, organization, modules_off=modules_off, is_demo=is_demo)
    email = owner.email.strip().lower()
    account = await work.first(select(Account).where(func.lower(Account.email) == email))
    if account is not None:
        raise Invalid('This e-mail address has an account already.', {'email': 'Sign in with it, or use another one.'})
    account = work.add(Account(email=email, name=f'{owner.first_name} {owner.last_name}', last_organization_id=made.id))
    await work.flush()
    work.add(PasswordCredential(account_id=account.id, password_hash=await hash_password(text), changed_at=work.now))
    today = await local_today(work)
    member = Member(
        number=OWNER_NUMBER, first_name=owner.first_name, last_name=owner.last_name, email=email,
        status=MemberStatus.ACTIVE, status_since_on=today, joined_on=today, account_id=account.id,
    )  # fmt: skip
    index_names(member)
    work.add(member)
    await work.flush()
    await give_member_position(work, member.id, OWNER)
    await give_member_position(work, member.id, MEMBER)
    return SetUp(made.id, account.id, member.id)
