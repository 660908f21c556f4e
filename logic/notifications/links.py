"""Links that end mails without a sign-in: they name whose, in which department and of what kind, under our seal."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import select

from data.identity import Account
from data.notifications import Channel, DigestRhythm, NoticePreference, Pace
from data.organizations import Organization
from logic.core import config
from logic.core.errors import NotFound
from logic.core.language import _, later
from logic.core.secrets import installed
from logic.core.service import PUBLIC, query, service
from logic.core.work import Work
from logic.notifications.kinds import kinds
from logic.notifications.preferences import Choice, choose_for, hours_row

DIGEST, ALL = 'digest', ''
SEAL_BYTES = 16
WRONG = later('This link is not complete. Copy it whole from the mail, or choose under your account what you are told.')


@dataclass(frozen=True, slots=True)
class Ending:
    """What a link ends."""

    account_id: UUID
    organization_id: UUID
    what: str
    """A kind of notice, `digest`, or '' for every kind that may be muted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page behind a link says."""

    what: str
    department: str
    is_off: bool


def _seal(text: bytes) -> bytes:
    return hmac.new(installed().derive('unsubscribe'), text, hashlib.sha256).digest()[:SEAL_BYTES]


def unsubscribe_link(account_id: UUID, organization_id: UUID, what: str) -> str:
    """Return the address that ends mails of a kind for somebody."""
    text = account_id.bytes + organization_id.bytes + what.encode()
    token = base64.urlsafe_b64encode(_seal(text) + text).rstrip(b'=').decode()
    return f'{config.configured().address}/unsubscribe/{token}'


def _opened(token: str) -> Ending:
    try:
        raw = base64.urlsafe_b64decode(token + '=' * (-len(token) % 4))
        text = raw[SEAL_BYTES:]
        if not hmac.compare_digest(raw[:SEAL_BYTES], _seal(text)):
            raise NotFound(WRONG)
        ending = Ending(UUID(bytes=text[:16]), UUID(bytes=text[16:32]), text[32:].decode())
    except ValueError:
        raise NotFound(WRONG) from None
    if ending.what and ending.what != DIGEST and ending.what not in kinds:
        raise NotFound(WRONG)
    return ending


def _label(what: str) -> str:
    if what == DIGEST:
        return _('the digest')
    if not what:
        return _('all e-mails about notices, and the digest')
    return _('e-mails of the kind “{kind}”', kind=kinds[what].label)


@query(PUBLIC)
async def look_at_link(work: Work, token: str) -> Asked:
    """Say what a link would end; looking changes nothing. Raises NotFound for one that we did not make."""
    ending = _opened(token)
    async with work.everywhere():
        organization = await work.get(Organization, ending.organization_id)
        await work.get(Account, ending.account_id)
    async with work.inside(ending.organization_id):
        chosen = await work.first(
            select(NoticePreference.pace).where(
                NoticePreference.account_id == ending.account_id, NoticePreference.kind == ending.what,
                NoticePreference.channel == Channel.MAIL,
            )
        )  # fmt: skip
    return Asked(_label(ending.what), organization.name, chosen is Pace.OFF)


@service(PUBLIC)
async def unsubscribe(work: Work, token: str) -> str:
    """End what a link names, and return it in words. What cannot be muted stays. Raises NotFound as `look_at_link`."""
    ending = _opened(token)
    async with work.everywhere():
        await work.get(Organization, ending.organization_id)
        await work.get(Account, ending.account_id)
    async with work.inside(ending.organization_id):
        if ending.what in (DIGEST, ALL):
            (await hours_row(work, ending.account_id)).digest = DigestRhythm.OFF
        if ending.what != DIGEST:
            for kind in [kinds[ending.what]] if ending.what else kinds.values():
                if Choice(kind, {}, {}).offered(Channel.MAIL):
                    await choose_for(work, ending.account_id, kind, Channel.MAIL, Pace.OFF)
    return _label(ending.what)
