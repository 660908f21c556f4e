"""Files made for one person at this moment: authenticated, never cached, gone after they were sent."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from logic import audit
from ui.guard import actor_of_request

router = APIRouter(include_in_schema=False)
PRIVATE = {'Cache-Control': 'no-store'}


@router.get('/downloads/audit.zip')  # allow LR14: the service asks for audit.export
async def audit_export(request: Request) -> FileResponse:
    """The department's audit log, with the program that verifies it."""
    actor = await actor_of_request(request)
    path = await audit.export_log(actor)
    name = f'audit-log-{actor.organization_id}.zip'
    remove = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type='application/zip', filename=name, headers=PRIVATE, background=remove)
