"""What our mails say: templates without logic, in text and in plain HTML, filled with escaped values."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

FIELD = re.compile(r'\{\{(\w+)\}\}')


@dataclass(frozen=True, slots=True)
class Template:
    """A mail: its subject, its paragraphs, and at most one thing to press. `{{name}}` stands for a value."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ''
    link: str = '{{link}}'
    closing: str = 'You get this because of your account at {{department}}.'


@dataclass(frozen=True, slots=True)
class Drawn:
    """A template with its values."""

    subject: str
    text: str
    html: str


TEMPLATES: dict[str, Template] = {
    'invitation': Template(
        '{{department}} invites you to Logbook',
        (
            'Hello {{name}},',
            '{{inviter}} has added you to {{department}} and invites you to sign in. You choose your own password.',
            'The link is yours alone. It works once, until {{until}}.',
        ),
        'Accept the invitation',
        closing='If you do not know {{department}}, do nothing: without the link there is no account.',
    ),
    'password_reset': Template(
        'Choose a new password',
        (
            'Hello {{name}},',
            'somebody, probably you, asked for a new password for Logbook. The link works once, for 30 minutes.',
        ),
        'Choose a new password',
        closing='If it was not you, do nothing: your password stays as it is.',
    ),
    'password_changed': Template(
        'Your password was changed',
        (
            'Hello {{name}},',
            'the password of your Logbook account was changed {{when}}. All other sessions were ended.',
            'If it was not you, tell an administrator of {{department}} at once.',
        ),
    ),
    'second_factor_changed': Template(
        'Your second factor was changed',
        (
            'Hello {{name}},',
            '{{what}} {{when}}.',
            'If it was not you, tell an administrator of {{department}} at once.',
        ),
    ),
    'new_device': Template(
        'Sign-in from a new device',
        (
            'Hello {{name}},',
            'your account was used to sign in from a device that was not seen before: {{device}}, {{when}}.',
            'If it was you, there is nothing to do. If not, change your password and end all sessions.',
        ),
        'See my sessions',
    ),
    'email_confirm': Template(
        'Confirm your new address',
        (
            'Hello {{name}},',
            'you asked to sign in to Logbook with this address from now on. The link works once, for 30 minutes.',
        ),
        'Use this address',
        closing='If it was not you, do nothing: the address stays as it is.',
    ),
    'email_changed': Template(
        'Your sign-in address was changed',
        (
            'Hello {{name}},',
            'the address that you sign in with was changed to {{email}} {{when}}.',
            'If it was not you, tell an administrator of {{department}} at once.',
        ),
    ),
    'notice': Template('{{title}}', ('Hello {{name}},', '{{body}}'), 'Open in Logbook'),
    'backup_failed': Template(
        'The backup of Logbook has failed',
        (
            'Hello {{name}},',
            'the backup of {{department}} has failed: {{reason}}',
            'Until it is mended nothing is saved.',
        ),
        'See the status',
    ),
    'audit_anchor': Template(
        'Audit anchor of {{day}}: {{words}}',
        (
            'Keep this mail. It proves what the audit log of {{department}} held on {{day}}: nobody can change an '
            'entry from before without it showing against this mail.',
            '{{note}}',
        ),
        closing='You get this because you were named as a keeper of audit anchors.',
    ),
    'test': Template(
        'Logbook can send e-mail',
        ('Hello {{name}},', 'this is the test that you asked for. E-mail from {{department}} arrives.'),
    ),
}


def render(template: Template, values: Mapping[str, str]) -> Drawn:
    """Fill a template; what is in a value is never read as a template. Raises KeyError for a value that is missing."""
    subject = _fill(template.subject, values)
    paragraphs = [_fill(text, values) for text in template.paragraphs]
    link = _fill(template.link, values) if template.button else ''
    closing = _fill(template.closing, values)
    text = '\n\n'.join([*paragraphs, *([f'{template.button}:\n{link}'] if link else []), f'-- \n{closing}']) + '\n'
    body = ''.join(
        f'<p style="margin:0 0 16px;white-space:pre-line">{_fill(paragraph, values, escape=True)}</p>'
        for paragraph in map(_escape_template, template.paragraphs)
    )
    if link:
        address = html.escape(link, quote=True)
        body += (
            f'<p style="margin:24px 0"><a href="{address}" style="background:#1f5fbf;color:#ffffff;padding:12px 20px;'
            f'border-radius:8px;text-decoration:none;font-weight:600">{html.escape(template.button)}</a></p>'
            f'<p style="margin:0 0 16px;font-size:13px;color:#5b6675">{address}</p>'
        )
    page = (
        '<!doctype html><html lang="en"><body style="margin:0;padding:24px;background:#f6f7f9;'
        'font:16px/1.5 system-ui,sans-serif;color:#17202b"><div style="max-width:560px;margin:0 auto;'
        'background:#ffffff;border-radius:12px;padding:28px">'
        f'<h1 style="font-size:20px;margin:0 0 20px">{html.escape(subject)}</h1>{body}'
        f'<p style="margin:24px 0 0;font-size:13px;color:#5b6675">{html.escape(closing)}</p></div></body></html>'
    )
    return Drawn(subject, text, page)


def _escape_template(text: str) -> str:
    return html.escape(text, quote=True)


def _fill(text: str, values: Mapping[str, str], *, escape: bool = False) -> str:
    return FIELD.sub(lambda found: html.escape(values[found[1]]) if escape else values[found[1]], text)
