"""Mails and notices about access: invitations, new passwords, and what was changed on an account."""

from uuid import UUID
from zoneinfo import ZoneInfo

from data.organizations import Organization
from logic import mail
from logic.core.config import configured
from logic.core.sentences import Sentence, Value, told
from logic.core.work import Work
from logic.identity.events import (
    AccessAsked,
    AccessChanged,
    AddressChanged,
    AddressToProve,
    InvitationAccepted,
    NewDeviceUsed,
    PasswordResetAsked,
    PersonInvited,
)
from logic.identity.permissions import MANAGE_POSITIONS
from logic.mail import Letter
from logic.notifications.domain import domain
from logic.notifications.kinds import ACCESS_ASKED, INVITATION_ACCEPTED, NEW_DEVICE, PASSWORD_CHANGED
from logic.notifications.telling import holders_of, tell

SECURITY = '/security'


async def _when(work: Work) -> Sentence:
    organization_id = work.session.info['organization_id']
    organization = await work.find(Organization, organization_id) if not isinstance(organization_id, str) else None
    zone = ZoneInfo(organization.zone if organization is not None else 'UTC')
    there = work.now.astimezone(zone)
    return told('on {day} at {time} ({zone})', day=there.date(), time=there.time(), zone=zone.key.replace('_', ' '))


async def _write(work: Work, account_id: UUID, to: str, kind: str, **values: Value) -> None:
    """Mail an account at an address that may not be its own yet, or any more."""
    await mail.write(work, Letter(to, kind, values, account_id=account_id))


@domain.on(PersonInvited)
async def mail_invitation(work: Work, event: PersonInvited) -> None:
    """Mail the link of an invitation."""
    await mail.send(
        work, event.email, 'invitation', name=event.name, inviter=event.inviter,
        until=event.expires_at.date(), link=f'{configured().address}/invitation/{event.token}',
    )  # fmt: skip


@domain.on(PasswordResetAsked)
async def mail_reset_link(work: Work, event: PasswordResetAsked) -> None:
    """Mail the link for a new password."""
    link = f'{configured().address}/reset/{event.token}'
    await _write(work, event.account_id, event.email, 'password_reset', name=event.name, link=link)


@domain.on(AccessChanged)
async def mail_change(work: Work, event: AccessChanged) -> None:
    """Tell the owner of an account what was changed about how it signs in."""
    when = await _when(work)
    await tell(
        work, event.account_id, kind=PASSWORD_CHANGED, title=event.what, body=told('This was done {when}.', when=when),
        link=SECURITY,
    )  # fmt: skip
    values: dict[str, Value] = {'name': event.name, 'what': event.what, 'when': when}
    kind = 'password_changed' if event.is_password else 'second_factor_changed'
    await _write(work, event.account_id, event.email, kind, **values)


@domain.on(NewDeviceUsed)
async def mail_new_device(work: Work, event: NewDeviceUsed) -> None:
    """Tell the owner of an account that it was used in a browser that was not seen before."""
    when = await _when(work)
    await tell(
        work, event.account_id, kind=NEW_DEVICE, title=told('Sign-in from a new device: {device}', device=event.device),
        body=told('Your account was used {when}. If it was not you, change your password.', when=when), link=SECURITY,
    )  # fmt: skip
    await _write(
        work, event.account_id, event.email, 'new_device', name=event.name, device=event.device, when=when,
        link=f'{configured().address}{SECURITY}',
    )  # fmt: skip


@domain.on(AccessAsked)
async def tell_who_gives(work: Work, event: AccessAsked) -> None:
    """Tell those who give rights that somebody asks for one."""
    body = told(
        'Missing is “{right}”. It comes with: {positions}.', right=event.right, positions=', '.join(event.positions)
    )
    await tell(
        work, await holders_of(work, MANAGE_POSITIONS), kind=ACCESS_ASKED, body=body, link='/positions',
        title=told('{name} asks for access: {page}', name=event.name, page=event.page),
    )  # fmt: skip


@domain.on(InvitationAccepted)
async def tell_inviter(work: Work, event: InvitationAccepted) -> None:
    """Tell who invited somebody that he is in."""
    if event.invited_by_id is not None:
        await tell(
            work, event.invited_by_id, kind=INVITATION_ACCEPTED,
            title=told('{name} accepted your invitation', name=event.name), link=f'/members/{event.member_id}',
        )  # fmt: skip


@domain.on(AddressToProve)
async def mail_address_link(work: Work, event: AddressToProve) -> None:
    """Mail the link that proves a new address."""
    link = f'{configured().address}/confirm-address/{event.token}'
    await _write(work, event.account_id, event.email, 'email_confirm', name=event.name, link=link)


@domain.on(AddressChanged)
async def mail_address_change(work: Work, event: AddressChanged) -> None:
    """Tell the old and the new address that it was changed."""
    when = await _when(work)
    for address in (event.old, event.new):
        await _write(work, event.account_id, address, 'email_changed', name=event.name, email=event.new, when=when)
