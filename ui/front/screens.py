"""Draws the screens of the front door: plain HTML, escaped by the template engine, with a token in every form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from logic.core import language
from logic.core.formats import day_text
from logic.core.language import CHOICES, LANGUAGES, current_language, is_right_to_left
from logic.core.wording import inside
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


def _said(text: str, /, **values: Any) -> Markup:
    """Say a sentence; what stands in it is escaped unless it is markup already."""
    return Markup(escape(language._(text))).format(**values)  # noqa: S704  escaped here


def _many(one: str, more: str, count: int, /) -> str:
    return language.many(one, more, count)


def _strong(text: str) -> Markup:
    return Markup('<strong>{}</strong>').format(text)


_environment.globals |= {'_': _said, 'many': _many, 'strong': _strong, 'inside': inside, 'day': day_text}


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
    spoken, script = current_language(), f'languages/{current_language()}.js'
    page = _environment.get_template(template).render(
        form=form,
        language=spoken,
        is_right_to_left=is_right_to_left(spoken),
        sentences=theme.asset(script) if (theme.ASSETS / script).is_file() else '',
        choices=LANGUAGES.items() if request.method == 'GET' and not subject else (),
        query=_other_query(request),
        leading=lambda path, text: Markup('<a href="{}{}">{}</a>').format(root_of(request), path, text),
        token=tokens.form_token(subject or tokens.visitor_subject(visitor)),
        root=root_of(request),
        asset=theme.asset,
        is_plain_http=not settings.is_https and not settings.is_local,
        **facts,
    )
    response = HTMLResponse(page, status or form.status, headers={'Cache-Control': 'no-store', **(headers or {})})
    if is_new and visitor:
        cookies.put(request, response, cookies.VISITOR, visitor)
    if (chosen := request.query_params.get('language')) in CHOICES:
        cookies.put(request, response, cookies.LANGUAGE, str(chosen), seconds=cookies.LANGUAGE_SECONDS)
    return response


def _other_query(request: Request) -> str:
    kept = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != 'language'])
    return f'{kept}&' if kept else ''


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
