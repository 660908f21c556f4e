"""How a department words its mails: a template of its own per kind and language, tried out before it is used."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from data.notifications import MailTemplate
from data.organizations import Organization
from logic.core.errors import Invalid, NotFound
from logic.core.language import _, language_of, later, speaking
from logic.core.service import query, service
from logic.core.work import Work
from logic.mail.domain import MANAGE
from logic.mail.templates import FIELD, TEMPLATES, Template, fields_of

LANGUAGES = {'en': later('English'), 'es': later('Spanish'), 'fr': later('French'), 'de': later('German')}
LABELS = {
    'invitation': later('Invitation'), 'founding': later('Invitation to make a department'),
    'password_reset': later('New password asked for'), 'password_changed': later('Password changed'),
    'second_factor_changed': later('Second factor changed'), 'new_device': later('New device'),
    'email_confirm': later('Confirm an address'),
    'email_changed': later('Address changed'), 'notice': later('One notice'), 'notices': later('Several notices'),
    'digest': later('Digest'), 'backup_failed': later('Backup failed'), 'audit_anchor': later('Audit anchor'),
    'test': later('Test', meaning='a kind of mail'),
}  # fmt: skip
PARTS = ('subject', 'body', 'button', 'closing')
ONE_LINE = r'^[^\x00-\x1f\x7f\x85\u2028\u2029]*$'
EVERYWHERE = frozenset({'department', 'address', 'settings'})
"""Values that every mail has."""
"""What each value is, as the editor shows it."""


class WordingInput(BaseModel):
    """How a mail is worded. `{{name}}` stands for a value."""

    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)

    subject: Annotated[str, Field(title=later('Subject'), min_length=1, max_length=200, pattern=ONE_LINE)]
    body: Annotated[str, Field(title=later('Text'), min_length=1, max_length=5000)]
    button: Annotated[str, Field(title=later('Button'), max_length=60, pattern=ONE_LINE)] = ''
    closing: Annotated[str, Field(title=later('Closing line'), max_length=300, pattern=ONE_LINE)] = ''


def base_of(kind: str) -> Template:
    """Return the words that Logbook brings for a kind; a notice of any kind is worded as a notice. Raises NotFound."""
    if kind in TEMPLATES:
        return TEMPLATES[kind]
    if kind.startswith('notice:'):
        return TEMPLATES['notice']
    raise NotFound('There is no such kind of mail.')


async def template_for(work: Work, kind: str, language: str, organization: Organization | None) -> Template:
    """Return the template of a kind in a reader's language: the department's, or ours."""
    base = base_of(kind)
    if organization is None:
        return base
    kinds = list(dict.fromkeys([kind, kind.partition(':')[0]]))
    cache: dict[Any, MailTemplate] = work.session.info.setdefault('wording', {})
    if ('read', organization.id) not in cache:
        for row in await work.all(select(MailTemplate).where(col(MailTemplate.organization_id) == organization.id)):
            cache[organization.id, row.kind, row.language] = row
        cache['read', organization.id] = None  # type: ignore[assignment]
    for name in kinds:
        row = cache.get((organization.id, name, language_of(language)))
        if row is not None:
            return _template(row, base)
    return base


def _template(row: MailTemplate | WordingInput, base: Template) -> Template:
    paragraphs = tuple(part.strip() for part in re.split(r'\n\s*\n', row.body.replace('\r\n', '\n')) if part.strip())
    return Template(
        row.subject, paragraphs, (row.button or base.button) if base.button else '', base.link,
        row.closing or base.closing,
    )  # fmt: skip


def worded(kind: str, data: WordingInput) -> Template:
    """Return the template that an input makes. Raises Invalid for a value that this kind of mail has not."""
    base = base_of(kind)
    made = _template_of(data, base)
    unknown = sorted(fields_of(made) - fields_of(base) - EVERYWHERE)
    broken = [
        name for name in ('subject', 'body', 'button', 'closing') if re.search(r'\{\{(?!\w+\}\})', getattr(data, name))
    ]
    if unknown or broken:
        reasons = {
            name: _('This mail has no value "{field}".', field=field)
            for field in unknown
            for name in PARTS
            if field in FIELD.findall(getattr(data, name))
        }
        reasons |= dict.fromkeys(broken, _('A value is written like {{name}}.'))
        raise Invalid('The text names values that this mail does not have.', reasons)
    return made


def _template_of(data: WordingInput, base: Template) -> Template:
    return _template(data, base)


def wording_of(template: Template) -> WordingInput:
    """Return a template as the editor shows it."""
    return WordingInput(
        subject=str(template.subject), body='\n\n'.join(map(str, template.paragraphs)), button=str(template.button),
        closing=str(template.closing),
    )  # fmt: skip


def values_of(kind: str) -> list[str]:
    """Return the names of the values that a mail of this kind may use. Raises Invalid."""
    return sorted(fields_of(base_of(kind)) | EVERYWHERE)


def check_language(language: str) -> str:
    """Return a language that mails may be worded in. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid('There is no such language.', {'language': 'Choose one of the list.'})
    return language


async def _row(work: Work, kind: str, language: str) -> MailTemplate | None:
    return await work.first(  # type: ignore[no-any-return]
        select(MailTemplate).where(MailTemplate.kind == kind, MailTemplate.language == language)
    )


@query(MANAGE)
async def list_wordings(work: Work) -> dict[str, list[str]]:
    """Return which kinds of mail the department words itself, each with its languages."""
    found: dict[str, list[str]] = {}
    for row in await work.all(select(MailTemplate).order_by(MailTemplate.kind, MailTemplate.language)):
        found.setdefault(row.kind, []).append(row.language)
    return found


@query(MANAGE)
async def get_wording(work: Work, kind: str, language: str) -> WordingInput:
    """Return how a kind of mail is worded in a language. Raises NotFound for a kind, Invalid for a language."""
    base = base_of(kind)
    row = await _row(work, kind, check_language(language))
    with speaking(language):
        return wording_of(_template(row, base) if row is not None else base)


@service(MANAGE)
async def word_mail(work: Work, kind: str, language: str, data: WordingInput) -> MailTemplate:
    """Word a kind of mail in a language. Raises Invalid for values that it has not."""
    worded(kind, data)
    row = await _row(work, kind, check_language(language))
    if row is None:
        row = work.add(MailTemplate(kind=kind, language=language, subject=data.subject, body=data.body))
    for name, value in data.model_dump().items():
        setattr(row, name, value)
    return row


@service(MANAGE)
async def reset_wording(work: Work, kind: str, language: str) -> UUID | None:
    """Use the words that Logbook brings again; returns the row that went."""
    base_of(kind)
    row = await _row(work, kind, check_language(language))
    if row is None:
        return None
    await work.delete(row)
    return row.id
