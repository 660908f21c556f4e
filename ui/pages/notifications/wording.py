"""How the department words its mails: the list of kinds, and the editor with a preview."""

from logic import mail, notifications
from logic.core.actor import Actor
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
        return notifications.kinds[name].label
    return mail.LABELS.get(kind, kind)


@page(HOME, 'Wording of e-mails', mail.MANAGE)
async def wordings(actor: Actor) -> None:
    """Every kind of mail, and which the department words itself."""
    shell.crumbs(('Settings', '/settings'), ('E-mail', '/settings/mail'), ('Wording', None))
    Head('Wording of e-mails', 'What your mails say. Name, colour and logo come from Appearance.')
    own = await mail.list_wordings(actor)
    told = [f'notice:{kind.name}' for kind in notifications.kinds.values() if not kind.has_own_mail]
    places = [
        Place(_label(kind), 'In your words' if kind in own else 'As Logbook brings it', f'{HOME}/{kind}', icon)
        for kinds, icon in ((list(mail.TEMPLATES), 'sym_o_mail'), (told, 'sym_o_notifications'))
        for kind in kinds
    ]
    Links(places, search='Search kinds of mail')


@page(f'{HOME}/{{kind}}', 'Wording', mail.MANAGE)
async def wording(actor: Actor, kind: str) -> None:
    """One kind of mail: its words, and how it looks with what I was really told."""
    asked = shell.query().get('language', 'en')
    language = asked if asked in mail.LANGUAGES else 'en'
    words = await mail.get_wording(actor, kind, language)
    shell.title(_label(kind))
    shell.crumbs(('Settings', '/settings'), ('E-mail', '/settings/mail'), ('Wording', HOME), (_label(kind), None))
    others = [
        Button(label, href=f'{HOME}/{kind}?language={name}', small=True)
        for name, label in mail.LANGUAGES.items()
        if name != language
    ]
    Head(_label(kind), f'In {mail.LANGUAGES[language]}. A reader gets his language, or else English.', others)
    with Grid():
        with Card('Words', span=6):
            Text('Values: ' + ', '.join(f'{{{{{name}}}}}' for name in mail.values_of(kind)), quiet=True)
            _form(kind, language, words)
        with Card('Preview', span=6, text='As it is kept now, with the last one that you were told, or a sample.'):
            drawn = await notifications.preview_mail(actor, kind, language, words)
            MailPreview(drawn.subject, drawn.html)
            _buttons(kind, language)


def _form(kind: str, language: str, words: WordingInput) -> None:
    async def save(actor: Actor, data: WordingInput) -> None:
        await mail.word_mail(actor, kind, language, data)
        toast('Saved. The preview shows it.')
        await shell.refresh()

    form = Form(WordingInput, save, value=words)
    form.text('subject')
    form.textarea('body', rows=10, help='A blank line begins a new paragraph.')
    form.text('button', span=6)
    form.text('closing')


def _buttons(kind: str, language: str) -> None:
    async def send(actor: Actor) -> None:
        await notifications.send_preview(actor, kind, language, await mail.get_wording(actor, kind, language))
        toast('On its way to you.')

    async def reset(actor: Actor) -> None:
        before = await mail.get_wording(actor, kind, language)

        async def back(actor: Actor) -> None:
            await mail.word_mail(actor, kind, language, before)
            await shell.refresh()

        await mail.reset_wording(actor, kind, language)
        toast('The words of Logbook hold again.', undo=back)
        await shell.refresh()

    Buttons(
        Button('Send it to me', do=send, icon='sym_o_outgoing_mail'),
        Button('Use the words of Logbook', do=reset, quiet=True),
    )
