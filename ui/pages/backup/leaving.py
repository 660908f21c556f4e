"""Taking everything of the department along, in one file."""

from data.files import StoredFile
from data.work import JobRow
from logic import backup
from logic.core.actor import Actor
from logic.core.formats import size_text
from logic.core.language import _, later
from ui.components import Button, Buttons, Card, Fact, Facts, Note, live, toast
from ui.guard import current_actor

EXPLAINED = later(
    'People, papers, records and the audit log in open formats that anybody reads without Logbook. '
    'Another Logbook takes it in by the command "import-department". Keep the file as safe as what is in it.'
)


async def leaving() -> None:
    """Everything of the department in one file, made by a job."""

    async def begin(actor: Actor) -> None:
        await backup.request_export(actor)
        toast(_('Everything is being exported. You may leave this page.'))

    async def draw() -> None:
        state = await backup.export_state(await current_actor())
        buttons = [] if state.percent is not None else [
            Button(_('Export everything'), do=begin, icon='sym_o_download_for_offline')
        ]  # fmt: skip
        with Card(_('Take everything with you'), buttons, text=EXPLAINED):
            if state.percent is not None:
                Note(_('The export is being made: {percent} %.', percent=state.percent), 'blue', 'sym_o_hourglass_top')
            elif state.error:
                Note(_('The last export failed. {reason}', reason=state.error), 'red', 'sym_o_error')
            if state.file is not None and state.ends_at is not None:
                Facts([
                    Fact(_('Made'), state.file.created_at, 'datetime'), Fact(_('Size'), size_text(state.file.size)),
                    Fact(_('Deleted here'), state.ends_at, 'datetime'),
                ])  # fmt: skip
                href = f'/files/{state.file.id}'
                Buttons(Button(_('Download'), href=href, icon='sym_o_download', download=True, primary=True))

    await live(JobRow, StoredFile, draw=draw)
