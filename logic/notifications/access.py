"""Mails and notices about access: invitations, new passwords, and what was changed on an account."""

from zoneinfo import ZoneInfo

from data.organizations import Organization
from logic import mail
from logic.core.config import configured
from logic.core.formats import day_text
from logic.core.work import Work
from logic.identity.events import (
    AccessChanged,
    AddressChanged,
    AddressToProve,
    InvitationAccepted,
    NewDeviceUsed,
    PasswordResetAsked,
    PersonInvited,
)
from logic.notifications.domain import domain
from logic.notifications.kinds import INVITATION_ACCEPTED, NEW_DEVICE, PASSWORD_CHANGED
from logic.notifications.telling import tell

SECURITY = '/security'


async def _when(work: Work) -> str:
    organization_id = work.session.info['organization_id']
    organization = await work.find(Organization, organization_id) if not isinstance(organization_id, str) else None
    zone = ZoneInfo(organization.zone if organization is not None else 'UTC')
    there = work.now.astimezone(zone)
    return f'on {day_text(there.date())} at {there:%H:%M} ({zone.key.replace("_", " ")})'


@domain.on(PersonInvited)
async def mail_invitation(work: Work, event: PersonInvited) -> None:
    """Mail the link of an invitation."""
    await mail.send(
        work, event.email, 'invitation', name=event.name, inviter=event.inviter,
        until=f'{event.expires_at:%Y-%m-%d}', link=f'{configured().address}/invitation/{event.token}',
    )  # fmt: skip


@domain.on(PasswordResetAsked)
async def mail_reset_link(work: Work, event: PasswordResetAsked) -> None:
    """Mail the link for a new password."""
    await mail.send(
        work, event.email, 'password_reset', name=event.name, link=f'{configured().address}/reset/{event.token}'
    )


@domain.on(AccessChanged)
async def mail_change(work: Work, event: AccessChanged) -> None:
    """Tell the owner of an account what was changed about how it signs in."""
    when = await _when(work)
    what = event.what[0].upper() + event.what[1:]
    await tell(
        work, event.account_id, kind=PASSWORD_CHANGED, title=f'{what}.', body=f'This was done {when}.',
        link=SECURITY,
    )  # fmt: skip
    if event.is_password:
        await mail.send(work, event.email, 'password_changed', name=event.name, when=when)
    else:
        await mail.send(work, event.email, 'second_factor_changed', name=event.name, what=what, when=when)


@domain.on(NewDeviceUsed)
async def mail_new_device(work: Work, event: NewDeviceUsed) -> None:
    """Tell the owner of an account that it was used in a browser that was not seen before."""
    when = await _when(work)
    await tell(
        work, event.account_id, kind=NEW_DEVICE, title=f'Sign-in from a new device: {event.device}',
        body=f'Your account was used {when}. If it was not you, change your password.', link=SECURITY,
    )  # fmt: skip
    await mail.send(
        work, event.email, 'new_device', name=event.name, device=event.device, when=when,
        link=f'{configured().address}{SECURITY}',
    )  # fmt: skip


@domain.on(InvitationAccepted)
async def tell_inviter(work: Work, event: InvitationAccepted) -> None:
    """Tell who invited somebody that he is in."""
    if event.invited_by_id is not None:
        await tell(
            work, event.invited_by_id, kind=INVITATION_ACCEPTED,
            title=f'{event.name} accepted your invitation', link=f'/members/{event.member_id}',
        )  # fmt: skip


@domain.on(AddressToProve)
async def mail_address_link(work: Work, event: AddressToProve) -> None:
    """Mail the link that proves a new address."""
    link = f'{configured().address}/confirm-address/{event.token}'
    await mail.send(work, event.email, 'email_confirm', name=event.name, link=link)


@domain.on(AddressChanged)
async def mail_address_change(work: Work, event: AddressChanged) -> None:
    """Tell the old and the new address that it was changed."""
    when = await _when(work)
    for address in (event.old, event.new):
        await mail.send(work, address, 'email_changed', name=event.name, email=event.new, when=when)
