"""The recovery sheet on a plain page, so that its key passes no socket: shown, printed, two words asked back."""

from fastapi import Request
from starlette.responses import Response

from logic import backup
from logic.core.actor import Actor
from ui.front import tokens
from ui.front.forms import Form, own_form
from ui.front.routes import get, post
from ui.front.screens import draw, go
from ui.front.visitors import person_of

HERE = '/recovery-sheet'


async def _screen(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    state = await backup.recovery_state(actor)
    return draw(request, 'recovery.html', form=typed, subject=tokens.session_subject(actor.session_id), state=state)


@get(HERE, backup.MANAGE)
async def recovery_screen(request: Request) -> Response:
    """Say what the sheet is for, and whether somebody keeps it."""
    return await _screen(request, Form())


@post(HERE, backup.MANAGE)
@own_form(_screen)
async def show_sheet(request: Request, _typed: Form, actor: Actor) -> Response:
    """Show the sheet to print."""
    sheet = await backup.open_sheet(actor)
    return draw(request, 'recovery_sheet.html', subject=tokens.session_subject(actor.session_id), sheet=sheet)


async def _words(request: Request, typed: Form) -> Response:
    actor = await person_of(request)
    state = await backup.recovery_state(actor)
    return draw(
        request, 'recovery_words.html', form=typed, subject=tokens.session_subject(actor.session_id),
        asked=state.asked,
    )  # fmt: skip


@get(f'{HERE}/words', backup.MANAGE)
async def words_screen(request: Request) -> Response:
    """Ask two words of the sheet."""
    return await _words(request, Form())


@post(f'{HERE}/words', backup.MANAGE)
@own_form(_words)
async def keep_sheet(request: Request, typed: Form, actor: Actor) -> Response:
    """Note that the sheet is kept, if these are the two words."""
    await backup.keep_sheet(actor, typed.value('first'), typed.value('second'))
    return go(request, HERE)
