"""A client of the API: the application with its layers around it, without a network between."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from logic.core.actor import Actor
from logic.core.config import Settings
from tests.conftest import PASSWORD
from tests.servers.databases import free_port
from ui import api, errors, limits, middleware

HOME = Path(__file__).resolve().parents[2]
ADDRESS = 'http://localhost:8080'


@pytest.fixture
def application() -> FastAPI:
    """The routes of the API alone."""
    limits.forget()
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    made.state.settings = Settings(_env_file=None)  # type: ignore[call-arg]
    api.install(made)
    errors.install(made)
    return made


@pytest.fixture
async def client(application: FastAPI, database: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A program that has not signed in."""
    transport = httpx2.ASGITransport(middleware.wrap(application, application.state.settings))
    async with httpx2.AsyncClient(transport=transport, base_url=f'{ADDRESS}/api/v1') as made:
        yield made


Headers = dict[str, str]
SignIn = Callable[..., Awaitable[Headers]]


@pytest.fixture
def sign_in(client: httpx2.AsyncClient) -> SignIn:
    """Sign in by e-mail address and return the header that proves it."""

    async def by_email(email: str, password: str = PASSWORD) -> Headers:
        answer = await client.post('/auth/login', json={'email': email, 'password': password})
        assert answer.status_code == 200, answer.text
        return {'Authorization': f'Bearer {answer.json()["access_token"]}'}

    return by_email


@pytest.fixture
async def as_chief(chief: Actor, sign_in: SignIn) -> Headers:
    """Elena, the owner."""
    return await sign_in('elena@example.org')


@pytest.fixture
async def as_stranger(stranger: Actor, sign_in: SignIn) -> Headers:
    """The owner of another department."""
    return await sign_in('stranger@example.org')


@pytest.fixture
async def as_member(member: Actor, sign_in: SignIn) -> Headers:
    """Jide, who may look."""
    from logic.identity.passwords import hash_password
    from logic.identity.resets import store_password

    assert member.account_id is not None
    await store_password(Actor.system(member.organization_id), member.account_id, await hash_password(PASSWORD))
    return await sign_in('jide@example.org')


@pytest.fixture
async def running(secrets: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the real program, screens included."""
    port = free_port()
    environment = os.environ | {'LOGBOOK_PORT': str(port), 'LOGBOOK_DATA_DIR': str(secrets / 'running')}
    process = await asyncio.create_subprocess_exec(
        sys.executable, 'main.py', 'serve', cwd=HOME, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            if b'Logbook is at' in line:
                break
        async with httpx2.AsyncClient(base_url=f'http://localhost:{port}', timeout=20) as made:
            yield made
    finally:
        process.terminate()
        await process.communicate()
