"""The look: stylesheets and fonts under lasting addresses, the document's head, and the department's own colour."""

import gzip
import hashlib
import json
import mimetypes
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from logic.core.errors import Invalid, NotFound
from logic.core.language import _, current_language, is_right_to_left, language_of, speaking

ASSETS = Path(__file__).parent / 'assets'
MINIMUM_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of ordinary size
KINDS = {
    '.webmanifest': 'application/manifest+json', '.woff2': 'font/woff2', '.svg': 'image/svg+xml; charset=utf-8'
}  # fmt: skip
SHEETS = ('tokens.css', 'logbook.css', 'print.css')
FOREVER = 'public, max-age=31536000, immutable'


@cache
def assets_digest() -> str:
    """Return a digest of all assets; it is part of their addresses, so that they can be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(p for p in ASSETS.rglob('*') if p.is_file()):
        digest.update(path.relative_to(ASSETS).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of an asset, such as `asset('logbook.css')`."""
    return f'/assets/{assets_digest()}/{name}'


@cache
def _content(name: str) -> tuple[bytes, bytes | None, str]:
    path = (ASSETS / name).resolve()
    if not path.is_relative_to(ASSETS) or not path.is_file():
        raise NotFound('There is no such file.')
    kind = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or 'application/octet-stream'
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if kind.startswith(('text/', 'application/j', 'image/svg')) else None
    return content, packed, kind


router = APIRouter(include_in_schema=False)


@router.get('/assets/{digest}/{name:path}')  # allow LR14: PUBLIC, what is packaged holds no data
async def serve(digest: str, name: str, request: Request) -> Response:
    """Hand out an asset of this release; an address of another release gets today's file, but not for ever."""
    content, packed, kind = _content(name)
    lasting = digest == assets_digest()
    headers = {'Cache-Control': FOREVER if lasting else 'no-cache', 'Vary': 'Accept-Encoding'}
    if packed is not None and 'gzip' in request.headers.get('accept-encoding', ''):
        return Response(packed, media_type=kind, headers={**headers, 'Content-Encoding': 'gzip'})
    return Response(content, media_type=kind, headers=headers)


@router.get('/service-worker.js')  # allow LR14: PUBLIC, what is packaged holds no data
async def service_worker(language: str = '') -> Response:
    """Hand out the worker that shows the offline page; it has to lie at the root to see every address.

    It says what it says in the language that its address names, since nobody is there to ask when it speaks.
    """
    content = worker_in(language_of(language))
    return Response(content, media_type='text/javascript', headers={'Cache-Control': 'no-cache'})


@cache
def worker_in(language: str) -> bytes:
    """Return the worker with its sentences in a language."""
    with speaking(language):
        said = {
            'language': current_language(), 'direction': direction(language), 'title': _('Offline'),
            'heading': _('Logbook cannot be reached'),
            'text': _(
                'This device is offline, or the server is restarting. What you typed in a form is kept. This page '
                'tries again every five seconds.'
            ),
            'button': _('Try now'), 'notice': _('You have a new notice.'),
        }  # fmt: skip
    return _content('service-worker.js')[0].replace(b'{ /* SAID */ }', json.dumps(said).encode(), 1)


def direction(locale: str) -> str:
    """Return how a locale is written, as the attribute `dir` says it."""
    return 'rtl' if is_right_to_left(locale) else 'ltr'


def head(language: str = '') -> str:
    """Return what every screen's document carries in its head; no data of anybody is in it but his language."""
    links = ''.join(f'<link rel="stylesheet" href="{asset(name)}">' for name in SHEETS)
    font = asset('fonts/inter-latin-wght-normal.woff2')
    return (
        '<meta name="theme-color" content="#f6f7f9" media="(prefers-color-scheme: light)">'
        '<meta name="theme-color" content="#0c121b" media="(prefers-color-scheme: dark)">'
        f'<meta name="direction" content="{direction(language)}">'
        f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
        f'<link rel="manifest" href="{asset("app.webmanifest")}">'
        f'<link rel="apple-touch-icon" href="{asset("icon-192.png")}">'
        f'<script src="{asset("theme.js")}"></script>{sentences(language)}{links}'
    )


def sentences(language: str) -> str:
    """Return what brings the sentences of the scripts; English needs nothing."""
    name = f'languages/{language}.js'
    return f'<script src="{asset(name)}"></script>' if language and (ASSETS / name).is_file() else ''


# ------------------------------------------------------------------------------------------------ colour


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def check_brand(colour: str) -> str:
    """Return a department's colour, normalized. Raises Invalid when white text on it cannot be read."""
    colour = colour.strip().lower()
    if not re.fullmatch(r'#[0-9a-f]{6}', colour):
        message = 'Give the colour as # and six digits, such as #0b6e6e.'
        raise Invalid(message, {'brand': message})
    ratio = contrast(colour, '#ffffff')
    if ratio < MINIMUM_CONTRAST:
        message = (
            f'White text on this colour has a contrast of {ratio:.1f} to 1; it must be at least {MINIMUM_CONTRAST} '
            'to 1. Choose a darker one.'
        )
        raise Invalid(message, {'brand': message})
    return colour
