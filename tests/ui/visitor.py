"""A browser without scripts: keeps cookies, fills in the form that it was sent, and follows where it is led."""

import html
import re
from typing import Any

import httpx2
from fastapi import FastAPI

from logic.core.config import Settings
from ui import errors, front, guard, middleware, theme
from ui.guard.presence import rules


def door(**settings: Any) -> FastAPI:
    """Return an application that is the front door alone, with `/` telling who is signed in."""
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    application.state.settings = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
    application.include_router(theme.router)
    front.install(application)
    errors.install(application)
    rules.cookie = guard.cookie_name(application.state.settings)

    async def home(request: Any) -> Any:
        from starlette.responses import PlainTextResponse

        return PlainTextResponse((await guard.actor_of_request(request)).name)

    application.add_route('/', home)
    return application


class Visitor:
    """One person's browser."""

    def __init__(self, application: FastAPI) -> None:
        settings = application.state.settings
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(middleware.wrap(application, settings)),
            base_url=settings.origin,
            headers={'Accept': 'text/html', 'Sec-Fetch-Site': 'same-origin', 'Origin': settings.origin},
            follow_redirects=True,
        )
        self.page: httpx2.Response

    async def open(self, path: str) -> httpx2.Response:
        """Open an address."""
        self.page = await self.client.get(path)
        return self.page

    def hidden(self) -> dict[str, str]:
        """Return the hidden fields of the first form of the page."""
        form = self.page.text.partition('<form')[2].partition('</form>')[0]
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        return {name: html.unescape(value) for name, value in found}

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        """Send the form of the page with what was typed."""
        self.page = await self.client.post(path, data=self.hidden() | fields)
        return self.page

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.page.url.path

    def cookie(self, name: str) -> str | None:
        """Return a cookie that the browser keeps."""
        return self.client.cookies.get(name)
