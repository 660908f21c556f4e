"""Making a department with its seeds and its owner: the first by a one-time link, later ones where it is allowed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import func, update
from sqlmodel import col, select

from data.identity import Account, PasswordCredential, SetupLink
from data.members import Member, MemberStatus
from data.organizations import Organization, OrganizationKind, Registration
from logic import mail
from logic.core import config
from logic.core.actor import ActorKind
from logic.core.domain import Domain, domains
from logic.core.errors import Conflict, Denied, Invalid, Unavailable
from logic.core.language import _, later
from logic.core.service import PUBLIC, SIGNED_IN, SYSTEM, query, service
from logic.core.work import Work
from logic.identity import throttle
from logic.identity.authority import normal_email
from logic.identity.passwords import hash_password, vet_password
from logic.identity.positions import give_member_position, local_today
from logic.identity.seeds import MEMBER, OWNER
from logic.identity.sessions import require_fresh
from logic.identity.tokens import new_token, token_hash
from logic.members.names import index_names
from logic.organizations import FIRST, MANAGE, OrganizationInput, change_settings, create_organization, is_first

domain = Domain('setup', title='First run')
LINK_LIFE, FOUNDER_LIFE = timedelta(minutes=30), timedelta(days=7)
LINKS_A_DAY, LINKS_AN_ADDRESS, FOUNDED_A_DAY, INVITATIONS_AN_HOUR = 10, 3, 3, 30
"""How often a network and an address may ask for a link, an account may found, and a person may invite founders."""
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


@service(SYSTEM, secret=True)
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
    """Say whether a link to the first run, or to found another department, may still be used."""
    link = await _link(work, token)
    return link is not None and link.used_at is None and link.expires_at > work.now and await _opens(work, link)


@dataclass(frozen=True, slots=True)
class Founder:
    """For whom a link is; nobody in particular at the first run."""

    email: str
    has_account: bool
    """Then he signs in, and needs no other."""


@query(PUBLIC)
async def founder_of(work: Work, token: str) -> Founder:
    """Return the owner to be, for whom a link is."""
    link = await _link(work, token)
    email = link.email if link is not None else ''
    known = email and await work.first(select(Account.id).where(Account.email == email))
    return Founder(email, bool(known))


async def _link(work: Work, token: str) -> SetupLink | None:
    return await work.first(select(SetupLink).where(SetupLink.token_hash == token_hash(token)))  # type: ignore[no-any-return]


async def _opens(work: Work, link: SetupLink) -> bool:
    """Say whether a link leads somewhere now: to the first run, or to another department while that is allowed."""
    if not await _has_organization(work):
        return not link.email
    return bool(link.email) and await _registration(work) is not Registration.CLOSED


async def _use(work: Work, token: str, email: str) -> None:
    """Use a link up; the first use wins. Raises Denied, and Invalid when it is for another address."""
    link = await _link(work, token)
    used = await work.execute(
        update(SetupLink)
        .where(
            col(SetupLink.token_hash) == token_hash(token),
            col(SetupLink.used_at).is_(None),
            col(SetupLink.expires_at) > work.now,
        )
        .values(used_at=work.now)
    )
    if used != 1 or link is None or not await _opens(work, link):
        raise Denied('This setup link was used or has expired. Start Logbook again: it prints a new one.')
    if link.email and link.email != email:
        raise Invalid('This link is for another e-mail address.', {'email': _('Use {email}.', email=link.email)})


@service(PUBLIC)
async def set_up(work: Work, token: str, data: SetupInput) -> SetUp:
    """Make a department with its owner by a link. First use of the link wins. Raises Denied, Invalid."""
    await _use(work, token, normal_email(data.owner.email))
    made = await found_department(work, data.organization, data.owner, modules_off=data.modules_off)
    await change_settings(work, setup_open=True)
    return made


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
    member_id = await _own(work, account, owner.first_name, owner.last_name)
    return SetUp(made.id, account.id, member_id)


async def _own(work: Work, account: Account, first_name: str, last_name: str) -> UUID:
    """Make an account the owner of the department that was just made."""
    today = await local_today(work)
    member = Member(
        number=OWNER_NUMBER, first_name=first_name, last_name=last_name, email=account.email,
        status=MemberStatus.ACTIVE, status_since_on=today, joined_on=today, account_id=account.id,
    )  # fmt: skip
    index_names(member)
    work.add(member)
    await work.flush()
    await give_member_position(work, member.id, OWNER)
    await give_member_position(work, member.id, MEMBER)
    return member.id


# Another department


class RegistrationInput(BaseModel):
    """Who may make another department on this installation."""

    model_config = ConfigDict(extra='forbid')

    registration: Annotated[Registration, Field(title=later('Who may make another department here'))]


async def _registration(work: Work) -> Registration:
    """Return what the first department decided; none can be made while there is no first."""
    async with work.everywhere():
        first = await work.find(Organization, await work.first(FIRST))
    return first.settings.registration if first is not None else Registration.CLOSED


@query(PUBLIC)
async def registration(work: Work) -> Registration:
    """Say who may make another department (identity, rule 7)."""
    return await _registration(work)


@service(MANAGE)
async def choose_registration(work: Work, data: RegistrationInput) -> None:
    """Choose who may make another department. Raises Denied outside of the first, SignInAgain, Unavailable."""
    await _require_first(work)
    require_fresh(work)
    if data.registration is Registration.OPEN and not mail.is_set_up():
        raise Unavailable('Whoever asks for a department proves the e-mail address first: set up e-mail before this.')
    await change_settings(work, registration=data.registration)


@service(MANAGE, secret=True)
async def invite_founder(work: Work, email: str) -> str:
    """Return the token of a link with which the owner of an address makes a department; it is mailed if that works.

    Raises Denied outside of the first department, SignInAgain, Conflict while nobody may make one, Invalid, TooMany.
    """
    await _require_first(work)
    require_fresh(work)
    if await _registration(work) is Registration.CLOSED:
        raise Conflict('Nobody may make another department here at present.')
    bucket, message = f'founders:{work.actor.account_id}', 'These are many invitations. Wait an hour.'
    await throttle.take_share(work, bucket, limit=INVITATIONS_AN_HOUR, minutes=60, message=message)
    return await _send_link(work, mail.check_address(email), FOUNDER_LIFE)


@service(PUBLIC)
async def ask_for_founding(work: Work, email: str) -> None:
    """Have a link sent with which a department is made, where everybody may. Says the same of every address.

    Raises Denied where not everybody may, Invalid for what is no address, TooMany, Unavailable without mail.
    """
    if await _registration(work) is not Registration.OPEN:
        raise Denied('Departments are made by invitation here. Ask whoever runs this Logbook.')
    if not mail.is_set_up():
        raise Unavailable(mail.NOT_SET_UP)
    address = mail.check_address(email)
    message = _('Too many links were asked for. Try again tomorrow.')
    network, reader = throttle.network_of(work.actor.address), throttle.account_bucket(normal_email(address))
    for bucket, limit in ((f'found:{network}', LINKS_A_DAY), (f'found:{reader}', LINKS_AN_ADDRESS)):
        await throttle.take_share(work, bucket, limit=limit, minutes=24 * 60, message=message)
    await _send_link(work, address, LINK_LIFE)


async def _send_link(work: Work, address: str, life: timedelta) -> str:
    token = new_token()
    work.add(SetupLink(token_hash=token_hash(token), expires_at=work.now + life, email=normal_email(address)))
    if mail.is_set_up():
        link = f'{config.configured().address}/setup/{token}'
        await mail.send(work, address, 'founding', link=link, until=work.now + life)
    return token


@query(SIGNED_IN)
async def may_found(work: Work) -> bool:
    """Say whether the actor may make another department without a link."""
    if work.actor.kind is not ActorKind.ACCOUNT:
        return False
    allowed = await _registration(work)
    if allowed is Registration.INVITATION:
        return work.actor.may(MANAGE) and await is_first(work)
    return allowed is Registration.OPEN


@service(SIGNED_IN)
async def found_another(work: Work, data: OrganizationInput, token: str = '') -> UUID:
    """Make another department and own it with the account that one has, by a link or where one may without.

    Raises Denied, SignInAgain, TooMany.
    """
    require_fresh(work)
    account = await work.get(Account, work.actor.account_id)
    if token:
        link = await _link(work, token)
        if link is None or link.email != account.email:
            raise Denied('This link is for another e-mail address.')
        await _use(work, token, account.email)
    elif not await may_found(work):
        raise Denied('Departments are made by invitation here. Ask whoever runs this Logbook.')
    message = _('These are many departments for one day. Try again tomorrow.')
    await throttle.take_share(work, f'founded:{account.id}', limit=FOUNDED_A_DAY, minutes=24 * 60, message=message)
    me = await work.get(Member, work.actor.member_id)
    first_name, last_name = me.first_name, me.last_name
    made = await create_organization(work, data, modules_off=preset_modules_off(data.kind))
    await _own(work, account, first_name, last_name)
    return made.id


@service(SYSTEM)
async def found_for(work: Work, data: OrganizationInput, account_id: UUID, first_name: str, last_name: str) -> None:
    """Make another department and give it to an account: for the command line."""
    account = await work.get(Account, account_id)
    await create_organization(work, data, modules_off=preset_modules_off(data.kind))
    await _own(work, account, first_name, last_name)


async def _require_first(work: Work) -> None:
    if not await is_first(work):
        raise Denied('This concerns the whole installation. Only its first department decides it.')
