"""The front door: plain HTML for everything before sign-in, and for what must not pass the screens' socket.

    front.install(application)                   # before NiceGUI is mounted
    shell.sources.form_token = front.form_token  # for the forms in the shell: sign-out, switching the department

Nothing here needs scripts; one small file adds what only scripts can do (passkeys, showing a password, copying codes).
"""

from fastapi import FastAPI

from ui.front import (  # noqa: F401  importing them registers their routes
    addresses,
    authenticator,
    invitations,
    notices,
    passkeys,
    passwords,
    recovery,
    security,
    setup,
    sign_in,
)
from ui.front.routes import router, routes
from ui.front.tokens import session_form_token as form_token

__all__ = ['form_token', 'install', 'routes']


def install(application: FastAPI) -> None:
    """Add the routes of the front door, before NiceGUI takes every path that is left.

    `application.state.settings` holds the settings of the installation.
    """
    application.include_router(router)
