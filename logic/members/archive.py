"""Hiding records, wiping what identifies a person, and what must hold before either (rule 2)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from data.files import StoredFile
from data.identity import (
    Account,
    ApiKey,
    Invitation,
    LinkedIdentity,
    Passkey,
    PasswordCredential,
    RecoveryCode,
    TotpCredential,
    TwoPersonRequest,
)
from data.members import (
    Departure,
    JobChange,
    Licence,
    Member,
    MemberDocument,
    MemberStatus,
    MemberTag,
    ProfileChange,
    ProtectedNumber,
    StatusChange,
)
from data.notifications import DigestSent, Mail, Notice, NoticeDelivery
from logic import audit, mail, search
from logic.core import files
from logic.core.errors import Conflict, Denied
from logic.core.language import _, many
from logic.core.recording import notebook
from logic.core.service import query, service
from logic.core.work import Work
from logic.custom_fields import remove_values
from logic.identity import two_person
from logic.identity.positions import PRESENT, PositionsChanged
from logic.identity.sessions import end_sessions
from logic.members.batches import forget_member
from logic.members.domain import ANONYMISE, ARCHIVE, GONE, MemberAnonymised, MemberArchived
from logic.members.file.kinds import KINDS
from logic.members.job_changes import reports_from
from logic.members.names import index_names
from logic.members.statuses import settle
from logic.members.visibility import sight

REQUEST = 'members.anonymise'
WIPED_TEXTS = (
    'first_name', 'preferred_name', 'personal_email', 'phone', 'home_phone', 'street', 'city', 'postcode', 'region',
    'country', 'status_reason', 'notes', 'former_number',
)  # fmt: skip
DELETED: tuple[Any, ...] = (MemberTag, ProfileChange, ProtectedNumber)
"""Tables beside the records of the file whose rows go as a whole."""
CREDENTIALS: tuple[Any, ...] = (PasswordCredential, TotpCredential, Passkey, RecoveryCode, LinkedIdentity, ApiKey)
KEPT_KINDS = frozenset({'engagements', 'leaves', 'licences', 'documents'})
"""Kinds of which the dates and counts stay, and only what identifies goes."""


@service(ARCHIVE)
async def archive_member(work: Work, member_id: UUID, *, version: int | None = None) -> Member:
    """Hide a person from the directory; nothing is deleted.

    Raises Conflict while people report to him, and for the last administrator.
    """
    member = await work.get(Member, member_id, version)
    if member.archived_at is not None:
        raise Conflict(_('{name} is archived already.', name=member.name))
    await refuse_reports(work, member, (await sight(work)).today)
    await hide(work, member)
    await settle(work, member)
    return member


async def refuse_reports(work: Work, member: Member, today: date) -> None:
    """Raise Conflict while people report to a member."""
    people = await reports_from(work, member.id, today)
    if people:
        names = ', '.join(person.name for person in people[:5])
        raise Conflict(
            many(
                '{count} person reports to {name}: {names}. Give them another manager first.',
                '{count} people report to {name}: {names}. Give them another manager first.',
                len(people),
                name=member.name,
                names=names,
            )
        )


async def hide(work: Work, member: Member) -> None:
    """Archive a record and tell the other domains. Checks nothing."""
    member.archived_at = work.now
    await work.flush()
    await work.emit(MemberArchived(member.id, member.account_id))
    if member.status in PRESENT:
        await work.emit(PositionsChanged(frozenset({member.id})))


@service(ARCHIVE)
async def restore_member(work: Work, member_id: UUID, *, version: int | None = None) -> Member:
    """Bring an archived person back. Raises Conflict for one who was anonymised or merged."""
    member = await work.get(Member, member_id, version)
    if member.archived_at is None:
        raise Conflict(_('{name} is not archived.', name=member.name))
    if member.anonymised_at is not None:
        raise Conflict('This person was anonymised; that cannot be taken back.')
    if member.merged_into_id is not None:
        raise Conflict('This record was merged into another one. Undo the merge instead.')
    member.archived_at = None
    await work.flush()
    if member.status in PRESENT:
        await work.emit(PositionsChanged(frozenset({member.id})))
    return member


@service(ANONYMISE)
async def ask_to_anonymise(work: Work, member_id: UUID, reason: str) -> TwoPersonRequest:
    """Ask that all that identifies a departed person be wiped; a second person decides. Raises Denied, Conflict."""
    member = await work.get(Member, member_id)
    _check_anonymise(work, member)
    request = await two_person.ask(work, REQUEST, 'Member', member.id, reason=reason)
    await work.flush()
    return request


@query(ANONYMISE)
async def list_anonymise_requests(work: Work) -> list[tuple[TwoPersonRequest, Member]]:
    """Return what waits for a second person, the oldest first."""
    requests = await two_person.waiting(work, REQUEST)
    ids = [request.subject_id for request in requests]
    found = {m.id: m for m in await work.all(select(Member).where(col(Member.id).in_(ids)))}
    return [(request, found[request.subject_id]) for request in requests if request.subject_id in found]


@service(ANONYMISE)
async def decide_anonymise(work: Work, request_id: UUID, *, approve: bool) -> Member:
    """Approve, which wipes for good, or decline. Never by the one who asked nor by the person himself (rule 8).

    Identity, contacts, credentials, free text and documents go, also from the audit log's erasable values; counts,
    custody and dates stay, and so does every proof. The records that were merged into this one go the same way: what
    was not taken over stands in them still. Raises Denied, Conflict.
    """
    request = await two_person.pending(work, request_id, REQUEST)
    member = await work.get(Member, request.subject_id)
    await two_person.decide(work, request, approve=approve, beneficiary_id=member.account_id)
    if approve:
        _check_anonymise(work, member)
        for one in (member, *await merged_into(work, member.id)):
            await _wipe(work, one, order=request.reason)
    await work.flush()
    return member


async def merged_into(work: Work, member_id: UUID) -> list[Member]:
    """Return the records that were merged into one, and those that were merged into these."""
    found: list[Member] = []
    ids = [member_id]
    while ids:
        rows = await work.all(select(Member).where(col(Member.merged_into_id).in_(ids)))
        found += rows
        ids = [row.id for row in rows]
    return found


def _check_anonymise(work: Work, member: Member) -> None:
    if work.actor.is_member(member.id):
        raise Denied('You cannot anonymise yourself.')
    if member.anonymised_at is not None:
        raise Conflict('This person was anonymised already.')
    if member.status is not MemberStatus.LEFT:
        raise Conflict(_('{name} has not left. Only those who have left are anonymised.', name=member.name))


async def _wipe(work: Work, member: Member, order: str) -> None:
    account_id = member.account_id
    names = await _names(work, member)
    await forget_member(work, member.id)
    for model in DELETED:
        for row in await work.all(select(model).where(model.member_id == member.id)):
            await work.delete(row)
    await remove_values(work, Member.__name__, [member.id])
    await _wipe_file(work, member)
    explained: tuple[Any, ...] = (StatusChange, Departure, JobChange)
    for model in explained:
        for row in await work.all(select(model).where(model.member_id == member.id)):
            row.reason = ''
    for invitation in await work.all(select(Invitation).where(Invitation.member_id == member.id)):
        invitation.email = ''
        invitation.cancelled_at = invitation.cancelled_at or work.now
    await _wipe_messages(work, member, names)
    for name in WIPED_TEXTS:
        setattr(member, name, '')
    member.last_name = f'Former member {member.number}'
    member.email = member.birth_on = member.photo_file_id = member.account_id = None
    member.archived_at, member.anonymised_at = member.archived_at or work.now, work.now
    index_names(member)
    await work.flush()
    await work.emit(MemberAnonymised(member.id, account_id, names))
    if account_id is not None:
        await _end_account(work, account_id)
    await work.flush()
    await search.forget_words(work)
    await audit.erase_subject(work, member.id, order or 'Anonymised')
    _keep_out_of_the_log(work)


async def _wipe_file(work: Work, member: Member) -> None:
    papers = await work.all(select(MemberDocument.file_id).where(MemberDocument.member_id == member.id))
    ids = [file_id for file_id in (*papers, member.photo_file_id) if file_id is not None]
    theirs = sa.or_(col(StoredFile.id).in_(ids), col(StoredFile.owner_id) == member.id)
    for file in await work.all(select(StoredFile).where(theirs)):
        file.name, file.deleted_at = (
            GONE,
            work.now - files.KEPT_AFTER_REMOVAL - timedelta(days=1),
        )  # with the next sweep
    for kind in KINDS.values():
        if kind.model in DELETED:
            continue
        for row in await work.all(select(kind.model).where(kind.model.member_id == member.id)):
            if kind.name not in KEPT_KINDS:
                await work.delete(row)
            elif isinstance(row, Licence):
                row.licence_number = ''
            elif isinstance(row, MemberDocument):
                row.title, row.file_id, row.deleted_at = GONE, None, row.deleted_at or work.now
            elif kind.name == 'leaves':
                row.kind, row.note = GONE, ''
            else:
                row.terms = ''
    await work.flush()


async def _names(work: Work, member: Member) -> frozenset[str]:
    """Return what a member is called: as people know him, as the law does, and as his account does."""
    account = await work.find(Account, member.account_id)
    legal = f'{member.first_name} {member.last_name}'.strip()
    return frozenset({member.name, legal, account.name if account else ''} - {''})


async def _wipe_messages(work: Work, member: Member, names: frozenset[str]) -> None:
    """Delete the notices about him, for him and that name him, and the mail to him; no mail to others names him."""
    account_id = member.account_id
    named = [col(text).contains(name, autoescape=True) for name in names for text in (Notice.title, Notice.body)]
    about: Any = sa.or_(col(Notice.object_id) == member.id, *named)
    ours: Any = col(Mail.organization_id) == work.organization_id
    to_him: Any = col(Mail.recipient).in_([one for one in (member.email, member.personal_email) if one])
    if account_id is not None:
        about, to_him = (
            sa.or_(about, col(Notice.account_id) == account_id),
            sa.or_(to_him, col(Mail.account_id) == account_id),
        )
    notices, mails = select(Notice.id).where(about, _here(work, Notice)), select(Mail.id).where(ours, to_him)
    await work.execute(sa.delete(NoticeDelivery).where(col(NoticeDelivery.notice_id).in_(notices)))
    await work.execute(sa.delete(Notice).where(about))
    for model in (NoticeDelivery, DigestSent):
        linked: Any = sa.update(model).where(col(model.mail_id).in_(mails))
        await work.execute(linked.values(mail_id=None))
    await work.execute(sa.delete(Mail).where(ours, to_him))
    subjects = [col(Mail.subject).contains(name, autoescape=True) for name in names]
    await work.execute(sa.update(Mail).where(ours, sa.or_(sa.false(), *subjects)).values(subject=GONE))
    for address in filter(None, (member.email, member.personal_email)):
        await mail.release(work, address)


def _here(work: Work, model: Any) -> Any:
    """The condition on rows inside of a statement that is no select of its own: it is not narrowed by itself."""
    return col(model.organization_id) == work.organization_id


async def _end_account(work: Work, account_id: UUID) -> None:
    """End the access of an account here; one that is in no other department is disabled and named nobody."""
    await end_sessions(work, account_id, organization_id=work.organization_id)
    async with work.everywhere():
        if await work.first(select(Member.id).where(Member.account_id == account_id).limit(1)) is not None:
            return
        for model in CREDENTIALS:
            for row in await work.all(select(model).where(model.account_id == account_id)):
                await work.delete(row)
    await audit.erase_subject(work, account_id, 'Anonymised')
    await work.execute(sa.delete(Mail).where(col(Mail.account_id) == account_id, col(Mail.organization_id).is_(None)))
    account = await work.get(Account, account_id)
    await mail.release(work, account.email)
    account.email, account.name = f'{account.id.hex}@removed.invalid', GONE
    account.disabled_at = account.disabled_at or work.now
    await work.flush()


def _keep_out_of_the_log(work: Work) -> None:
    """The entries of this very work say that the fields were wiped, and not what they held."""
    book = notebook(work.session)
    assert book is not None
    for draft in book.drafts:
        if draft.personal:
            draft.changes |= dict.fromkeys(draft.personal, (GONE, None))
            draft.personal = {}
