"""The two-person rule, once for all modules: the requester never approves, and the beneficiary never approves."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from data.identity import TwoPersonRequest
from data.members import Member
from logic.core import waiting as what_waits
from logic.core.errors import Conflict, Denied, Invalid
from logic.core.work import Work


def separate(work: Work, *, requested_by: UUID | None, beneficiary: UUID | None) -> None:
    """Raise Denied when the actor asked for this himself, or gains from it (rule 8). Ids are those of accounts.

    A program counts as those who made it. Logbook itself acts for nobody, so the command line passes.
    """
    if work.actor.is_account(requested_by):
        raise Denied('You asked for this yourself, so somebody else has to decide it.')
    if work.actor.is_account(beneficiary):
        raise Denied('This is about yourself, so somebody else has to decide it.')


async def ask(work: Work, kind: str, subject_type: str, subject_id: UUID, *, reason: str) -> TwoPersonRequest:
    """Ask for something that a second person has to approve. Raises Invalid without a reason, Conflict when waiting."""
    if not reason.strip():
        raise Invalid('Say why this is needed.', {'reason': 'Write a sentence for the one who decides.'})
    waiting = select(TwoPersonRequest.id).where(
        TwoPersonRequest.kind == kind,
        TwoPersonRequest.subject_id == subject_id,
        col(TwoPersonRequest.decided_at).is_(None),
    )
    if await work.first(waiting):
        raise Conflict('This was asked for already and waits for a decision.')
    if work.actor.account_id is None or work.actor.member_id is None:
        raise Denied('Only a person can ask for this.')
    return work.add(
        TwoPersonRequest(
            kind=kind, subject_type=subject_type, subject_id=subject_id, reason=reason.strip()[:500],
            requested_by_id=work.actor.account_id,
        )
    )  # fmt: skip


async def pending(work: Work, request_id: UUID, kind: str) -> TwoPersonRequest:
    """Return a request that waits for a decision. Raises NotFound, Conflict."""
    request = await work.get(TwoPersonRequest, request_id)
    if request.kind != kind or request.decided_at is not None:
        raise Conflict('This was decided already.')
    return request


async def waiting(work: Work, kind: str | None = None) -> list[TwoPersonRequest]:
    """Return what waits for a second person in this department, the oldest first."""
    statement = select(TwoPersonRequest).where(col(TwoPersonRequest.decided_at).is_(None))
    if kind is not None:
        statement = statement.where(TwoPersonRequest.kind == kind)
    return await work.all(statement.order_by(col(TwoPersonRequest.created_at)))


def undecided(name: str, kind: str) -> Any:
    """Return the select of the requests of a kind that somebody may decide, for the registry of what waits.

    Not his own, and none about himself.
    """
    request = TwoPersonRequest
    rows = what_waits.rows(name, col(request.created_at), id=col(request.id), more=col(request.reason), about=True)
    return rows.join(Member, col(Member.id) == request.subject_id).where(
        col(request.organization_id) == what_waits.OURS, col(request.decided_at).is_(None),
        col(request.kind) == kind, col(Member.id) != what_waits.ME,
        col(request.requested_by_id) != what_waits.ACCOUNT,
    )  # fmt: skip


async def decide(
    work: Work, request: TwoPersonRequest, *, approve: bool, beneficiary_id: UUID | None
) -> TwoPersonRequest:
    """Decide a request; who declines his own takes it back. Raises Denied when requester or beneficiary approves."""
    if approve:
        separate(work, requested_by=request.requested_by_id, beneficiary=beneficiary_id)
    request.decided_by_id = work.actor.account_id
    request.decided_at, request.is_approved = work.now, approve
    return request
