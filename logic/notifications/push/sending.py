"""Sending pushes: one a browser and run, which names the kind of notice and its place and nothing else."""

import json
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlmodel import col, select

from data.core import now
from data.notifications import Channel, PushSubscription
from data.organizations import Organization
from logic.core import config, outbound
from logic.core.errors import Unavailable
from logic.core.jobs import Run
from logic.core.language import many, speaking
from logic.core.service import SYSTEM, query, service
from logic.core.work import Work
from logic.notifications.domain import domain
from logic.notifications.kinds import kinds
from logic.notifications.push.encryption import authorization, decoded, encrypt
from logic.notifications.sending import PAUSE, due, held_back
from logic.notifications.telling import locales_of, senders

log = structlog.get_logger(__name__)
GONE = frozenset({404, 410})
"""RFC 8030, 7.3: the browser has ended its subscription."""
BUSY, AWAY = 429, 500
MOST_FAILURES = 20
LIFE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Target:
    """A browser, and where its messages go."""

    endpoint: str
    public_key: str
    secret: str


@domain.job()
async def send_pushes(work: Work) -> None:
    """Plan a push for each browser of those who have something new; that is stored, so that each goes once."""
    found, more = await due(work, Channel.PUSH)
    if not found:
        return
    browsers = await work.all(
        select(PushSubscription).where(
            col(PushSubscription.account_id).in_(list(found)),
            PushSubscription.organization_id == work.organization_id,
        )
    )
    organization = await work.get(Organization, work.organization_id)
    locales = await locales_of(work, list(found))
    back = await held_back(work, [one.notice for rows in found.values() for one in rows])
    for account_id, rows in found.items():
        unread = [
            one.notice
            for one in rows
            if one.notice.id not in back and (one.notice.read_at is None or not one.notice.in_bell)
        ]
        for one in rows:
            one.delivery.done_at = work.now
        if not unread:
            continue
        last = unread[-1]
        is_one = len(unread) == 1
        # What it says is shown on locked screens: the kind, and never the words of the notice.
        with speaking(locales[account_id]):
            body = many('{count} new notice', '{count} new notices', len(unread))
            if is_one and last.kind in kinds:
                body = str(kinds[last.kind].label)
        message = {'title': organization.name, 'body': body, 'link': (last.link if is_one else '') or '/notifications'}
        for browser in browsers:
            if browser.account_id == account_id:
                work.enqueue(push, browser.id, message)
    if more:
        work.enqueue(send_pushes, run_at=work.now + PAUSE)


senders[Channel.PUSH] = send_pushes


@query(SYSTEM)
async def _target(work: Work, subscription_id: UUID) -> Target | None:
    """Return where a browser's messages go; None when it is gone."""
    row = await work.find(PushSubscription, subscription_id)
    return Target(row.endpoint, row.public_key, row.secret) if row is not None else None


@service(SYSTEM)
async def _note(work: Work, subscription_id: UUID, *, is_gone: bool, is_taken: bool) -> None:
    """Note what became of a push; a browser that is gone, or never answers, is removed."""
    row = await work.find(PushSubscription, subscription_id)
    if row is None:
        return
    row.failures = 0 if is_taken else row.failures + 1
    if is_taken:
        row.last_used_at = work.now
    if is_gone or row.failures >= MOST_FAILURES:
        await work.delete(row)


@domain.job(detached=True, attempts=6)
async def push(run: Run, subscription_id: str, message: dict[str, str]) -> None:
    """Hand a push to the push service of a browser; when that is away, again later. Raises Unavailable."""
    row_id = UUID(subscription_id)
    target = await _target(run.actor, row_id)
    if target is None:
        return
    settings = config.configured()
    content = encrypt(json.dumps(message).encode(), decoded(target.public_key), decoded(target.secret))
    headers = {
        'Authorization': authorization(target.endpoint, f'mailto:{settings.sender}', now()),
        'Content-Encoding': 'aes128gcm', 'Content-Type': 'application/octet-stream', 'TTL': str(LIFE_SECONDS),
        'Urgency': 'normal',
    }  # fmt: skip
    answer = await outbound.post(target.endpoint, content, headers)
    if answer.status == BUSY or answer.status >= AWAY:  # it says nothing of this browser
        raise Unavailable(f'The push service answers {answer.status}.')
    is_taken = 200 <= answer.status < 300
    await _note(run.actor, row_id, is_gone=answer.status in GONE, is_taken=is_taken)
    if not is_taken and answer.status not in GONE:
        log.warning('push.refused', status=answer.status)
