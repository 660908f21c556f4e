"""What the command line does that no screen does: the first administrator, a new password, a roster from a file."""

import asyncio
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr, ValidationError
from sqlmodel import select

from data.identity import Account
from data.members import Member, MemberStatus
from data.organizations import Organization, OrganizationKind
from logic import setup
from logic.core.actor import Actor
from logic.core.errors import Conflict, Invalid, NotFound
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.identity.authority import normal_email
from logic.identity.invitations import make_account_by_command
from logic.identity.passwords import hash_password, vet_password
from logic.identity.positions import give_member_position, local_today
from logic.identity.seeds import OWNER
from logic.members import imports
from logic.members.names import search_text, sort_name
from logic.members.numbers import next_number
from logic.organizations import OrganizationInput


@query(SYSTEM)
async def list_all_organizations(work: Work) -> list[Organization]:
    """Return every organization of this installation, the oldest first."""
    async with work.everywhere():
        return await work.all(select(Organization).order_by(Organization.created_at))  # type: ignore[arg-type]


async def choose_organization(name: str) -> Organization:
    """Return the organization of a name or slug; the only one when none is named. Raises NotFound, Conflict."""
    found = await list_all_organizations(Actor.system(name='Command line'))
    if not found:
        raise NotFound('No department is set up yet.')
    if name:
        wanted = name.strip().casefold()
        found = [row for row in found if wanted in (row.name.casefold(), row.slug)]
        if not found:
            raise NotFound(f'There is no department called "{name}". One more is made by create-admin --new.')
    if len(found) > 1:
        names = ', '.join(row.name for row in found)
        raise Conflict(f'There are several departments: {names}. Say which by --organization.')
    return found[0]


async def create_administrator(
    actor: Actor,
    *,
    name: str,
    email: str,
    password: str = '',
    organization: str = '',
    kind: str = 'other',
    zone: str = 'UTC',
    new: bool = False,
) -> str:
    """Make an owner, and a department with him when there is none or a `new` one is asked for; returns its name.

    An account that is there already needs no password and may own a new department. Raises Invalid for input that is
    none, Conflict when the address is in use or the department exists.
    """
    first, _, last = name.strip().partition(' ')
    known = await list_all_organizations(actor)
    try:
        owner = setup.OwnerInput(first_name=first, last_name=last, email=email, password=SecretStr(password))
        if new or not known:
            if not organization.strip():
                raise Invalid('Name the department that is to be made by --organization.')
            data = OrganizationInput(name=organization, kind=OrganizationKind(kind), zone=zone)
            if data.name.casefold() in {row.name.casefold() for row in known}:
                raise Conflict(f'There is a department called "{data.name}" already.')
            account_id = await find_account(actor, email)
            if account_id is None:
                await setup.found_department(actor, data, owner)
            else:
                await setup.found_for(actor, data, account_id, owner.first_name, owner.last_name)
            return data.name
    except ValidationError as error:
        fields = {'.'.join(map(str, detail['loc'])): detail['msg'] for detail in error.errors()}
        raise Invalid('Something is not filled in right.', fields) from None
    except ValueError:
        raise Invalid(f'"{kind}" is no kind of department.', {'kind': ', '.join(OrganizationKind)}) from None
    chosen = await choose_organization(organization)
    await add_owner(Actor.system(chosen.id, actor.name), owner)
    return chosen.name


@query(SYSTEM)
async def find_account(work: Work, email: str) -> UUID | None:
    """Return the account that signs in with an address, or None."""
    found: UUID | None = await work.first(select(Account.id).where(Account.email == normal_email(email)))
    return found


@service(SYSTEM)
async def add_owner(work: Work, owner: setup.OwnerInput) -> UUID:
    """Give a department another owner; a member of that address becomes him. Raises Conflict, Invalid."""
    email = owner.email.strip().lower()
    about = (owner.first_name, owner.last_name, email)
    text = await vet_password(owner.password.get_secret_value(), with_mfa=False, about=about)
    member = await work.first(select(Member).where(Member.email == email))
    if member is None:
        today = await local_today(work)
        member = Member(
            number=await next_number(work), first_name=owner.first_name, last_name=owner.last_name, email=email,
            status=MemberStatus.ACTIVE, status_since_on=today, joined_on=today,
        )  # fmt: skip
        member.sort_name, member.search = sort_name(member), search_text(member)
        work.add(member)
        await work.flush()
    account_id = await make_account_by_command(work, member.id, email, await hash_password(text))
    await give_member_position(work, member.id, OWNER)
    return account_id


async def import_roster(organization: Organization, path: Path, *, dry_run: bool) -> list[str]:
    """Import a roster file, or only say what would happen; returns sentences, one for each row that is not taken."""
    actor, content = Actor.system(organization.id, 'Command line'), await asyncio.to_thread(path.read_bytes)
    options = imports.ImportOptions()
    plan = await imports.plan_file(actor, content, options)
    lines = [
        f'Line {row.line}, {fault.column or "row"}: {fault.reason}'
        for row in plan.rows
        for fault in row.faults
        if row.fate is imports.Fate.REFUSED
    ]
    new, changed, same, refused = (plan.count(fate) for fate in imports.Fate)
    if not dry_run:
        done = await imports.apply_file(actor, content, options, path.name)
        new, changed, same, refused = done.new_count, done.updated_count, done.same_count, done.refused_count
    return [*lines, f'{new} new, {changed} changed, {same} as they were, {refused} not taken.']
