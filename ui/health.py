"""Health, for machines that watch and balance: no sign-in, no detail, no good word for a database that is away."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from logic import status

router = APIRouter(tags=['health'])
HEADERS = {'Cache-Control': 'no-store'}


def _answer(*, is_well: bool, state: str = '') -> JSONResponse:
    said = state or ('ok' if is_well else 'unavailable')
    return JSONResponse({'status': said}, 200 if is_well else 503, headers=HEADERS)


@router.get('/health', summary='The process runs')  # allow LR14: asked by machines that cannot sign in
async def health() -> JSONResponse:
    """Answer 200 for as long as the process answers at all."""
    return JSONResponse({'status': status.alive()['status']}, headers=HEADERS)


@router.get('/health/db', summary='The database takes writes')  # allow LR14: as above
async def health_db() -> JSONResponse:
    """Answer 503 unless the database takes a write, has the present schema, and room to grow."""
    return _answer(is_well=(await status.database_ready()).is_well)


@router.get('/health/redis', summary='Redis answers, when there is one')  # allow LR14: as above
async def health_redis() -> JSONResponse:
    """Answer 503 when a Redis is configured and does not answer; without one all is well."""
    check = await status.redis_ready()
    return _answer(is_well=check is None or check.is_well, state='not configured' if check is None else '')
