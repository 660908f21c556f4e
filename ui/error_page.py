"""The page that says to a person what went wrong, where there may be no session, no script and no other route."""

import base64
import hashlib
import html
from collections.abc import Mapping

from starlette.responses import HTMLResponse

from logic.core.language import current_language

STYLE = """
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f7f9;color:#172033;
font:400 15px/1.55 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:30rem;margin:2rem 1rem;padding:2rem;background:#fff;border:1px solid #e3e7ed;border-radius:14px}
p{margin:.75rem 0 0;color:#41506a}h1{margin:.25rem 0 0;font-size:22px;letter-spacing:-.02em}
.code{margin:0;font-weight:600;color:#5f6f85}
a{display:inline-block;margin-top:1.5rem;padding:.5rem 1rem;border-radius:9px;background:#0b6e6e;color:#fff;
text-decoration:none;font-weight:600}a:focus-visible{outline:3px solid #7fc4c4;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#0f1420;color:#e8ecf3}main{background:#171e2c;border-color:#2a3446}
p{color:#b5c0d2}.code{color:#93a1b8}a{background:#4fb8b0;color:#06201f}}
"""
# The page must look right when every other route is broken, so its style is inside, and allowed by its hash alone.
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def draw(
    status: int, heading: str, text: str, link: tuple[str, str], headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return the page; `link` is the label and the address of the way on."""
    label, address = link
    body = (
        f'<!doctype html><html lang="{html.escape(current_language())}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(heading)} - Logbook</title><style>{STYLE}</style></head>'
        f'<body><main><p class="code">{status}</p><h1>{html.escape(heading)}</h1><p>{html.escape(text)}</p>'
        f'<a href="{html.escape(address, quote=True)}">{html.escape(label)}</a></main></body></html>'
    )
    return HTMLResponse(
        body, status, headers={'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store', **(headers or {})}
    )
