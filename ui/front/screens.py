"""Draws the screens of the front door: plain HTML, escaped by the template engine, with a token in every form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ui import errors, theme
from ui.front import cookies, tokens
from ui.front.forms import Form

TEMPLATES = Path(__file__).parent / 'templates'
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def draw(
    request: Request,
    template: str,
    *,
    form: Form | None = None,
    status: int | None = None,
    subject: str = '',
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> HTMLResponse:
    """Return a screen. `subject` is what its forms are bound to; by default this visitor, who gets a cookie for it."""
    form = form or Form()
    settings = cookies.settings_of(request)
    visitor = cookies.read(request, cookies.VISITOR)
    is_new = not subject and visitor is None
    if is_new:
        visitor = tokens.new_visitor()
    page = _environment.get_template(template).render(
        form=form,
        token=tokens.form_token(subject or tokens.visitor_subject(visitor)),
        root=root_of(request),
        asset=theme.asset,
        is_plain_http=not settings.is_https and not settings.is_local,
        **facts,
    )
    response = HTMLResponse(page, status or form.status, headers={'Cache-Control': 'no-store', **(headers or {})})
    if is_new and visitor:
        cookies.put(request, response, cookies.VISITOR, visitor)
    return response


def go(request: Request, path: str) -> RedirectResponse:
    """Return the way to another page of ours."""
    root = root_of(request)
    target = path if root and path.startswith(root + '/') else root + path
    return RedirectResponse(target, 303, headers={'Cache-Control': 'no-store'})


def refusal(request: Request, status: int, title: str, message: str, link: tuple[str, str]) -> Response:
    """Return a screen that says why something cannot go on, in the look of the front door."""
    return draw(
        request, 'refusal.html', status=status, code=status, title=title, message=message, label=link[0], href=link[1]
    )


def root_of(request: Request) -> str:
    """Return the path under which a proxy serves us, without a slash at its end."""
    return str(request.scope.get('root_path', '')).rstrip('/')


def next_of(request: Request, form: Form | None = None) -> str:
    """Return where to go after sign-in, checked: a path on this host or the home page."""
    given = form.value('next') if form else request.query_params.get('next', '')
    return errors.safe_next(given)
