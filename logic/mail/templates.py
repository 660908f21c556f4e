"""What our mails say: templates without logic, in text and in plain HTML, filled with escaped values."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logic.core.language import _, current_language, later
from logic.core.sentences import Value, spoken

FIELD = re.compile(r'\{\{(\w+)\}\}')
LOGO = 'logo'
"""The name under which the logo is attached to a mail."""
CLOSING = later('You choose in Logbook, under your account, what you are told by e-mail: {{settings}}')
HELLO, OPEN = later('Hello {{name}},'), later('Open in Logbook')


@dataclass(frozen=True, slots=True)
class Template:
    """A mail: its subject, its paragraphs, and at most one thing to press. `{{name}}` stands for a value."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str = ''
    link: str = '{{link}}'
    closing: str = later('You get this because of your account at {{department}}.')


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list in a mail: what, more about it, and where it opens."""

    text: str
    detail: str = ''
    link: str = ''


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading, such as the tasks of the day in a digest."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Look:
    """Whose mail it is: the department's name, the colour of its buttons, and whether its logo stands above."""

    name: str = 'Logbook'
    colour: str = '#0b6e6e'
    has_logo: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A template with its values."""

    subject: str
    text: str
    html: str


TEMPLATES: dict[str, Template] = {
    'invitation': Template(
        later('{{department}} invites you to Logbook'),
        (
            HELLO,
            later(
                '{{inviter}} has added you to {{department}} and invites you to sign in. You choose your own password.'
            ),
            later('The link is yours alone. It works once, until {{until}}.'),
        ),
        later('Accept the invitation'),
        closing=later('If you do not know {{department}}, do nothing: without the link there is no account.'),
    ),
    'founding': Template(
        later('Make your department in Logbook'),
        (
            later('Hello,'),
            later('with this link you make your department. It is yours alone, and works once, until {{until}}.'),
        ),
        later('Make the department'),
        closing=later('If you did not expect this, do nothing: without the link nothing is made.'),
    ),
    'password_reset': Template(
        later('Choose a new password'),
        (
            HELLO,
            later('somebody, probably you, asked for a new password for Logbook. The link works once, for 30 minutes.'),
        ),
        later('Choose a new password'),
        closing=later('If it was not you, do nothing: your password stays as it is.'),
    ),
    'password_changed': Template(
        later('Your password was changed'),
        (
            HELLO,
            later('the password of your Logbook account was changed {{when}}. All other sessions were ended.'),
            later('If it was not you, tell an administrator of {{department}} at once.'),
        ),
    ),
    'second_factor_changed': Template(
        later('Your second factor was changed'),
        (
            HELLO,
            later('{{what}} {{when}}.'),
            later('If it was not you, tell an administrator of {{department}} at once.'),
        ),
    ),
    'new_device': Template(
        later('Sign-in from a new device'),
        (
            HELLO,
            later('your account was used to sign in from a device that was not seen before: {{device}}, {{when}}.'),
            later('If it was you, there is nothing to do. If not, change your password and end all sessions.'),
        ),
        later('See my sessions'),
    ),
    'email_confirm': Template(
        later('Confirm your new address'),
        (
            HELLO,
            later(
                'you asked to sign in to Logbook with this address from now on. The link works once, for 30 minutes.'
            ),
        ),
        later('Use this address'),
        closing=later('If it was not you, do nothing: the address stays as it is.'),
    ),
    'email_changed': Template(
        later('Your sign-in address was changed'),
        (
            HELLO,
            later('the address that you sign in with was changed to {{email}} {{when}}.'),
            later('If it was not you, tell an administrator of {{department}} at once.'),
        ),
    ),
    'notice': Template('{{title}}', (HELLO, '{{body}}'), OPEN, closing=CLOSING),
    'notices': Template(
        later('{{count}} notices from {{department}}'),
        (HELLO, later('this has happened:')),
        OPEN,
        closing=CLOSING,
    ),
    'digest': Template(
        later('{{department}}: your {{day}}'),
        (HELLO, later('this is what waits for you and what has happened since the last mail.')),
        later('Open Logbook'),
        closing=CLOSING,
    ),
    'backup_failed': Template(
        later('The backup of Logbook has failed'),
        (
            HELLO,
            later('the backup of {{department}} has failed: {{reason}}'),
            later('Until it is mended nothing is saved.'),
        ),
        later('See the status'),
    ),
    'audit_anchor': Template(
        later('Audit anchor of {{day}}: {{words}}'),
        (
            later(
                'Keep this mail. It proves what the audit log of {{department}} held on {{day}}: nobody can change an '
                'entry from before without it showing against this mail.'
            ),
            '{{note}}',
        ),
        closing=later('You get this because you were named as a keeper of audit anchors.'),
    ),
    'test': Template(
        later('Logbook can send e-mail'),
        (HELLO, later('this is the test that you asked for. E-mail from {{department}} arrives.')),
    ),
}


def render(
    template: Template, values: Mapping[str, Value], look: Look = Look(), sections: Sequence[Section] = ()
) -> Drawn:
    """Fill a template in the language that is spoken now; what is in a value is never read as a template.

    Raises KeyError for a value that is missing.
    """
    subject = _fill(template.subject, values)
    paragraphs = [text for text in (_fill(text, values) for text in template.paragraphs) if text.strip()]
    link = _fill(template.link, values) if template.button else ''
    closing = _fill(template.closing, values)
    listed = [_section_text(section) for section in sections]
    pressed = str(template.button)
    above = _('{text}:', text=pressed)
    button = [f'{above}\n{link}'] if link else []
    text = '\n\n'.join([*paragraphs, *listed, *button, f'-- \n{closing}']) + '\n'
    body = ''.join(f'<p style="margin:0 0 16px;white-space:pre-line">{html.escape(one)}</p>' for one in paragraphs)
    body += ''.join(_section_html(section, look) for section in sections)
    if link:
        address = html.escape(link, quote=True)
        body += (
            f'<p style="margin:24px 0"><a href="{address}" style="background:{look.colour};color:#ffffff;'
            f'padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600">'
            f'{html.escape(pressed)}</a></p>'
            f'<p style="margin:0 0 16px;font-size:13px;color:#5b6675">{address}</p>'
        )
    return Drawn(subject, text, _page(subject, body, closing, look))


def _page(subject: str, body: str, closing: str, look: Look) -> str:
    name = html.escape(look.name, quote=True)
    logo = f'<img src="cid:{LOGO}" alt="" height="36" style="vertical-align:middle;margin-right:10px">'
    return (
        f'<!doctype html><html lang="{current_language()}"><body style="margin:0;padding:24px;background:#f6f7f9;'
        'font:16px/1.5 system-ui,sans-serif;color:#17202b"><div style="max-width:560px;margin:0 auto;'
        f'background:#ffffff;border-radius:12px;border-top:4px solid {look.colour};padding:28px">'
        f'<p style="margin:0 0 20px;font-weight:600">{logo if look.has_logo else ""}{name}</p>'
        f'<h1 style="font-size:20px;margin:0 0 20px">{html.escape(subject)}</h1>{body}'
        f'<p style="margin:24px 0 0;font-size:13px;color:#5b6675">{html.escape(closing)}</p></div></body></html>'
    )


def _section_text(section: Section) -> str:
    lines = [
        f'* {line.text}' + (f' ({line.detail})' if line.detail else '') + (f'\n  {line.link}' if line.link else '')
        for line in section.lines
    ]
    return '\n'.join([str(section.title).upper(), *lines])


def _section_html(section: Section, look: Look) -> str:
    lines = []
    for line in section.lines:
        text = html.escape(str(line.text))
        if line.link:
            address = html.escape(line.link, quote=True)
            text = f'<a href="{address}" style="color:{look.colour};font-weight:600">{text}</a>'
        detail = f'<br><span style="font-size:13px;color:#5b6675">{html.escape(str(line.detail))}</span>'
        lines.append(f'<li style="margin:0 0 8px">{text}{detail if line.detail else ""}</li>')
    title = html.escape(str(section.title))
    return (
        f'<h2 style="font-size:16px;margin:20px 0 8px">{title}</h2><ul style="padding-left:20px">{"".join(lines)}</ul>'
    )


def fields_of(template: Template) -> frozenset[str]:
    """Return the names of the values that a template uses."""
    texts = (template.subject, *template.paragraphs, template.button, template.link, template.closing)
    return frozenset(name for text in texts for name in FIELD.findall(text))


def _fill(text: str, values: Mapping[str, Value]) -> str:
    return FIELD.sub(lambda found: spoken(values[found[1]]), str(text))
