"""A server of the front door and the API alone: `python -m tests.ui.front_server PORT FOLDER`; says its setup link.

`/` stands for the screens behind sign-in: it tells who is signed in. `/test/...` hands out what is otherwise mailed.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

from logic import members, setup
from logic.core.actor import Actor
from logic.core.config import Settings
from logic.identity import invitations, sign_in
from logic.identity.resets import make_reset
from logic.start import opened
from tests.conftest import run_as_service
from ui import api, errors, front, guard, middleware, theme
from ui.guard.presence import rules


def add_controls(application: FastAPI) -> None:
    @application.get('/')
    async def home(request: Request) -> dict[str, Any]:
        actor = await guard.actor_of_request(request)
        return {'name': actor.name, 'method': actor.method}

    @application.get('/test/invite/{email}')
    async def invite(request: Request, email: str) -> str:
        actor = await guard.actor_of_request(request)
        person = await members.add_member(
            actor, members.MemberInput(first_name='Jide', last_name='Okafor', email=email)
        )
        return (await invitations.make_invitation(actor, person.id)).token

    @application.get('/test/reset')
    async def reset(request: Request) -> str:
        actor = await guard.actor_of_request(request)
        account = await sign_in.account_row(Actor.system(), actor.account_id)  # type: ignore[arg-type]
        return await run_as_service(make_reset)(Actor.system(), account.id)  # type: ignore[arg-type, return-value]


async def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    public_url = sys.argv[3] if len(sys.argv) > 3 else None
    settings = Settings(  # type: ignore[call-arg]
        _env_file=None, port=port, data_dir=folder, public_url=public_url, allow_plain_http=True
    )
    async with opened(settings):
        application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        application.state.settings = settings
        application.include_router(theme.router)
        api.install(application)
        front.install(application)
        errors.install(application)
        add_controls(application)
        rules.cookie = guard.cookie_name(settings)
        link = '-' if await setup.is_set_up(Actor.public()) else await setup.new_setup_link(Actor.system())
        asgi = middleware.wrap(application, settings)
        config = uvicorn.Config(asgi, host='127.0.0.1', port=port, log_level='error', proxy_headers=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.05)
        print('LINK', link, flush=True)  # noqa: T201
        await serving


if __name__ == '__main__':
    asyncio.run(main())
