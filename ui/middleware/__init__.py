"""The layers around the application, outermost first; each says in one class what it keeps out.

`wrap(app, settings)` returns the ASGI application that the server runs. Nothing is added inside the framework: what
stands around it also covers its errors, its files and its sockets.
"""

from starlette.types import ASGIApp

from logic.core.config import Settings
from ui.guard import own_origins
from ui.metrics import Measured
from ui.middleware.compression import Compression
from ui.middleware.headers import NICEGUI_POLICY, NONCE, PLAIN_POLICY, Headers, Nonce
from ui.middleware.language import Language
from ui.middleware.proxies import Hosts, Proxies, allowed_hosts
from ui.middleware.requests import BODY_BYTES, Requests, allow_body, body_limit
from ui.middleware.socket import SocketGate

__all__ = [
    'BODY_BYTES',
    'NICEGUI_POLICY',
    'NONCE',
    'PLAIN_POLICY',
    'allow_body',
    'allowed_hosts',
    'body_limit',
    'wrap',
]


def wrap(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Put the layers around an application."""
    origins = own_origins(settings)
    app = Nonce(app)
    app = Compression(app)
    app = Language(app, settings)
    app = SocketGate(app, origins)
    app = Requests(app, origins)
    app = Hosts(app, settings)
    app = Proxies(app, settings)
    if settings.metrics_token:
        app = Measured(app)
    return Headers(app, settings)
