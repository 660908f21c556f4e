"""How the department words its mails: the list of kinds, and the editor with a preview."""

from logic import mail, notifications
from logic.core.actor import Actor
from logic.core.language import _, current_language
from logic.mail import WordingInput
from ui import shell
from ui.components import Button, Buttons, Card, Form, Grid, Head, Text, toast
from ui.components.choices import Links, Place
from ui.components.notices import MailPreview
from ui.shell import page

HOME = '/settings/mail/wording'


def _label(kind: str) -> str:
    name = kind.partition(':')[2]
    if name in notifications.kinds:
        return str(notifications.kinds[name].label)
    return str(mail.LABELS.get(kind, kind))


@page(HOME, 'Wording of e-mails', mail.MANAGE)
async def wordings(actor: Actor) -> None:
    """Every kind of mail, and which the department words itself."""
    shell.crumbs((_('Settings'), '/settings'), (_('E-mail'), '/settings/mail'), (_('Wording'), None))
    Head(_('Wording of e-mails'), _('What your mails say. Name, colour and logo come from Appearance.'))
    own = await mail.list_wordings(actor)
    told = [f'notice:{kind.name}' for kind in notifications.kinds.values() if not kind.has_own_mail]
    places = [
        Place(_label(kind), _('In your words') if kind in own else _('As Logbook brings it'), f'{HOME}/{kind}', icon)
        for kinds, icon in ((list(mail.TEMPLATES), 'sym_o_mail'), (told, 'sym_o_notifications'))
        for kind in kinds
    ]
    Links(places, search=_('Search kinds of mail'))


@page(f'{HOME}/{{kind}}', 'Wording', mail.MANAGE)
async def wording(actor: Actor, kind: str) -> None:
    """One kind of mail: its words, and how it looks with what I was really told."""
    asked = shell.query().get('language', current_language())
    language = asked if asked in mail.LANGUAGES else 'en'
    words = await mail.get_wording(actor, kind, language)
    shell.title(_label(kind))
    shell.crumbs(
        (_('Settings'), '/settings'), (_('E-mail'), '/settings/mail'), (_('Wording'), HOME), (_label(kind), None)
    )
    others = [
        Button(str(label), href=f'{HOME}/{kind}?language={name}', small=True)
        for name, label in mail.LANGUAGES.items()
        if name != language
    ]
    text = _('In {language}. Each reader gets the words of his own language.', language=mail.LANGUAGES[language])
    Head(_label(kind), text, others)
    with Grid():
        with Card(_('Words'), span=6):
            values = ', '.join(f'{{{{{name}}}}}' for name in mail.values_of(kind))
            Text(_('Values: {values}', values=values), quiet=True)
            _form(kind, language, words)
        text = _('As it is kept now, with the last one that you were told, or a sample.')
        with Card(_('Preview'), span=6, text=text):
            drawn = await notifications.preview_mail(actor, kind, language, words)
            MailPreview(drawn.subject, drawn.html)
            _buttons(kind, language)


def _form(kind: str, language: str, words: WordingInput) -> None:
    async def save(actor: Actor, data: WordingInput) -> None:
        await mail.word_mail(actor, kind, language, data)
        toast(_('Saved. The preview shows it.'))
        await shell.refresh()

    form = Form(WordingInput, save, value=words)
    form.text('subject')
    form.textarea('body', rows=10, help=_('A blank line begins a new paragraph.'))
    form.text('button', span=6)
    form.text('closing')


def _buttons(kind: str, language: str) -> None:
    async def send(actor: Actor) -> None:
        await notifications.send_preview(actor, kind, language, await mail.get_wording(actor, kind, language))
        toast(_('On its way to you.'))

    async def reset(actor: Actor) -> None:
        before = await mail.get_wording(actor, kind, language)

        async def back(actor: Actor) -> None:
            await mail.word_mail(actor, kind, language, before)
            await shell.refresh()

        await mail.reset_wording(actor, kind, language)
        toast(_('The words of Logbook hold again.'), undo=back)
        await shell.refresh()

    Buttons(
        Button(_('Send it to me'), do=send, icon='sym_o_outgoing_mail'),
        Button(_('Use the words of Logbook'), do=reset, quiet=True),
    )
