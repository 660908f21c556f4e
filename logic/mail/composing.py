"""Writing a mail: composed safely, sealed, and stored in the transaction of its cause."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from uuid import UUID

from sqlmodel import col, select

from data.core import new_id
from data.identity import Account
from data.notifications import Mail, MailStatus
from data.organizations import Organization
from logic.core import config
from logic.core.config import Settings
from logic.core.errors import Invalid
from logic.core.language import _, speaking
from logic.core.secrets import seal_value
from logic.core.sentences import Value
from logic.core.service import SYSTEM, service
from logic.core.work import Work
from logic.mail.bounces import refusals_of
from logic.mail.delivery import deliver, place_of
from logic.mail.policy import POLICY
from logic.mail.smtp import in_ascii
from logic.mail.templates import Drawn, Look, Section, Template, render
from logic.mail.wording import template_for

ADDRESS = re.compile(r'[^@\s<>",;:()\[\]\\]{1,64}@[^@\s<>",;:()\[\]\\]+\.?[^@\s<>",;:()\[\]\\.]+')
SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person: of a kind, with values for its template, and lists that follow its paragraphs."""

    to: str
    kind: str
    values: Mapping[str, Value]
    sections: Sequence[Section] = ()
    account_id: UUID | None = None
    language: str = ''
    """In which it is written; '' for that of the account, else of the department."""
    unsubscribe: str = ''
    """Address that ends mails of this kind by one POST (RFC 8058); '' for what cannot be ended."""


def is_set_up() -> bool:
    """Whether mail can be sent at all; without it screens show links for the person to hand on."""
    return config.configured().smtp_url is not None


def check_address(value: str, field: str = 'email') -> str:
    """Return one mail address without blanks around it. Raises Invalid for anything else, several among them."""
    text = value.strip()
    no_address = Invalid(
        _('"{text}" is no e-mail address.', text=text[:60]), {field: 'Write it like name@example.org.'}
    )
    if len(text) > 254 or not text.isprintable() or not ADDRESS.fullmatch(text):
        raise no_address
    if not text.partition('@')[0].isascii():
        message = _('Mail servers know only plain letters before the @, unlike in "{text}".', text=text[:60])
        raise Invalid(message, {field: message})
    try:
        in_ascii(text)
    except UnicodeError:
        raise no_address from None
    return text


def _one_line(value: str, what: str) -> str:
    if any(ord(character) < 32 or character in '\x7f\x85\u2028\u2029' for character in value):
        raise Invalid(_('The {what} of a mail cannot hold line breaks or control characters.', what=what))
    return value


def compose(
    settings: Settings, *, to: str, subject: str, text: str, html: str, sender_name: str, mail_id: UUID, at: datetime,
    unsubscribe: str = '',
) -> EmailMessage:  # fmt: skip
    """Return a message whose id and date stay the same however often it is sent. Raises Invalid for unsafe headers."""
    message = EmailMessage(policy=POLICY)
    message['From'] = formataddr((_one_line(sender_name, 'sender'), settings.sender))
    message['To'] = in_ascii(check_address(to, 'to'))
    message['Subject'] = _one_line(subject, 'subject')[:SUBJECT_LENGTH]
    message['Date'] = format_datetime(at)
    message['Message-ID'] = f'<{mail_id.hex}@{settings.sender.partition("@")[2]}>'
    message['Auto-Submitted'] = 'auto-generated'
    if unsubscribe:
        message['List-Unsubscribe'] = f'<{_one_line(unsubscribe, "address to unsubscribe")}>'
        message['List-Unsubscribe-Post'] = 'List-Unsubscribe=One-Click'
    message.set_content(text)
    message.add_alternative(html, subtype='html')
    return message


def look_of(organization: Organization | None) -> Look:
    """Return whose mail it is: name, colour and logo of the department."""
    if organization is None:
        return Look()
    return Look(organization.name, organization.brand_colour or Look().colour, organization.logo_file_id is not None)


@service(SYSTEM)
async def send(work: Work, /, to: str, kind: str, **values: Value) -> Mail | None:
    """Write a mail of a kind, to be sent after the commit; None when mail is not set up.

    `values` fill the template `kind` of `logic.mail.templates`, each as its reader writes it; `department` is added.
    Raises Invalid for an address
    that is none, and KeyError for a value that the template needs.
    """
    return await write(work, Letter(to, kind, values))


async def write(work: Work, letter: Letter) -> Mail | None:
    """Write a mail, to be sent after the commit; None when mail is not set up. Raises as `send` does.

    Mail to an address that a server refused before is kept and held: nobody learns from silence that it went nowhere.
    """
    if not is_set_up():
        return None
    organization_id = work.session.info['organization_id']
    organization = await work.find(Organization, organization_id) if isinstance(organization_id, UUID) else None
    letter = letter if letter.account_id and letter.language else await _addressed(work, letter, organization)
    return await store(work, letter, await draw(work, letter, organization), organization)


async def _addressed(work: Work, letter: Letter, organization: Organization | None) -> Letter:
    """Find whose address it is: for the state that administrators see, and for the language."""
    account = await work.find(Account, letter.account_id)
    if account is None:
        account = await work.first(select(Account).where(col(Account.email) == letter.to.strip().lower()))
    if account is None:
        return letter
    language = letter.language or account.locale
    if not language and organization is None:
        home = await work.find(Organization, account.last_organization_id)
        language = home.locale if home is not None else ''
    return replace(letter, account_id=account.id, language=language)


def language_of(letter: Letter, organization: Organization | None) -> str:
    """Return in which language a letter is written."""
    return letter.language or (organization.locale if organization is not None else '')


async def draw(work: Work, letter: Letter, organization: Organization | None) -> Drawn:
    """Fill the template of a letter in the words of the department. Raises KeyError for a value that is missing."""
    language = language_of(letter, organization)
    return draw_in(await template_for(work, letter.kind, language, organization), letter, organization)


def draw_in(template: Template, letter: Letter, organization: Organization | None) -> Drawn:
    """Fill a template with the values of a letter, in the look of the department. Raises KeyError as `draw` does."""
    address, look = config.configured().address, look_of(organization)
    known = {'department': look.name, 'address': address, 'settings': f'{address}/account/notices'}
    with speaking(language_of(letter, organization)):
        return render(template, {**known, **letter.values}, look, letter.sections)


async def store(work: Work, letter: Letter, drawn: Drawn, organization: Organization | None) -> Mail:
    """Keep a drawn mail, sealed, and have it sent after the commit."""
    row_id = new_id()
    organization_id = organization.id if organization is not None else None
    message = compose(
        config.configured(), to=letter.to, subject=drawn.subject, text=drawn.text, html=drawn.html,
        sender_name=look_of(organization).name, mail_id=row_id, at=work.now, unsubscribe=letter.unsubscribe,
    )  # fmt: skip
    recipient = check_address(letter.to)
    refused = await refusals_of(work, recipient, organization_id)
    row = Mail(
        id=row_id,
        organization_id=organization_id,
        account_id=letter.account_id,
        message_id=message['Message-ID'],
        recipient=recipient,
        subject=str(message['Subject']),
        body=await seal_value(work, message.as_bytes(), place_of(row_id, organization_id)),
        kind=letter.kind,
    )
    work.add(row)
    if refused:
        row.status = MailStatus.HELD
        row.error = f'Held, because {refused[0].reason} ({refused[0].refused_at:%Y-%m-%d})'[:500]
    else:
        work.enqueue(deliver, row_id, key=f'mail|{row_id}')
    return row
