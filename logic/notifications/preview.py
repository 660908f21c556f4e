"""Trying the words of a mail: drawn with what I was really told, and sent to myself."""

from datetime import date, time

from sqlmodel import col, select

from data.identity import Account
from data.members import Member
from data.notifications import Mail, Notice
from data.organizations import Organization
from logic import mail
from logic.core import config
from logic.core.errors import Invalid, Unavailable
from logic.core.language import later
from logic.core.sentences import Value, told
from logic.core.service import query, service
from logic.core.work import Work
from logic.mail import MANAGE, Drawn, Letter, Line, Section, WordingInput
from logic.notifications.digest import DAY, Reader, sections_of
from logic.notifications.kinds import kinds
from logic.notifications.sending import HAPPENED, line_of

TITLE = later('Engine 1 needs a check')
BODY = later('Ann Berg has given you this task. It is due on Friday.')
WHEN: dict[str, Value] = {'day': date(2026, 11, 20), 'time': time(9, 30), 'zone': 'America/New York'}
SAMPLES: dict[str, Value] = {
    'inviter': 'Ann Berg', 'until': date(2026, 12, 31), 'device': later('Firefox on Windows'),
    'what': later('An authenticator app was set up for your account'),
    'email': 'new@example.org', 'reason': later('the disk is full'), 'day': DAY, 'words': 'amber river stone',
    'note': later('What the audit log held on this day.'), 'count': 3, 'title': TITLE,
    'body': BODY,
}  # fmt: skip


@query(MANAGE)
async def preview_mail(work: Work, kind: str, language: str, data: WordingInput) -> Drawn:
    """Draw a mail in words that are not kept yet, with the last thing of this kind that I was told. Raises Invalid."""
    organization = await work.get(Organization, work.organization_id)
    letter = await _letter(work, kind, language)
    return mail.draw_in(mail.worded(kind, data), letter, organization)


@service(MANAGE)
async def send_preview(work: Work, kind: str, language: str, data: WordingInput) -> Mail:
    """Send such a mail to myself. Raises Invalid, and Unavailable when mail is not set up."""
    if not mail.is_set_up():
        raise Unavailable(mail.NOT_SET_UP)
    organization = await work.get(Organization, work.organization_id)
    letter = await _letter(work, kind, language)
    return await mail.store(work, letter, mail.draw_in(mail.worded(kind, data), letter, organization), organization)


async def _letter(work: Work, kind: str, language: str) -> Letter:
    account = await work.find(Account, work.actor.account_id)
    if account is None:
        raise Invalid('Only somebody with an account can do this.')
    when = told('on {day} at {time} ({zone})', **WHEN)
    values = SAMPLES | {'name': account.name, 'link': config.configured().address + '/', 'when': when}
    mine = select(Notice).where(Notice.account_id == account.id).order_by(col(Notice.created_at).desc())
    if kind.startswith('notice:'):
        mine = mine.where(Notice.kind == kind.partition(':')[2])
    rows: list[Notice] = await work.all(mine.limit(3)) if kind.startswith(('notice', 'digest')) else []
    if rows:
        last = rows[0]
        values |= {'title': last.title, 'body': last.body, 'link': config.configured().address + last.link}
    elif kind.startswith('notice:') and kind.partition(':')[2] in kinds:
        values['title'] = kinds[kind.partition(':')[2]].label
    sections: list[Section] = []
    if kind == 'digest':
        member = await work.first(select(Member).where(Member.account_id == account.id))
        reader = [Reader(account.id, member.id, work.now.date())] if member is not None else []
        sections = (await sections_of(work, reader)).get(account.id, [])
    if kind in ('digest', 'notices'):
        lines = [line_of(row) for row in rows] or [Line(TITLE, BODY)]
        sections = [*sections, Section(HAPPENED, lines)]
    return Letter(account.email, kind, values, sections, account.id, language)
