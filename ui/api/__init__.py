"""The HTTP API for programs: routers that parse, call a rule, and answer; they hold no rules of their own.

api.install(application)      # before NiceGUI is mounted; `application.state.settings` holds the settings
api.routes                    # (method, path) -> Declared(method, path, permission, name), for contract tests
"""

from fastapi import FastAPI

from ui.api import (  # noqa: F401  importing them registers their routes
    api_keys,
    attachments,
    audit,
    auth,
    comments,
    custom_fields,
    documents,
    links,
    mail,
    members,
    mfa,
    notifications,
    organizations,
    positions,
    rosters,
    tasks,
    tasks_lists,
    tasks_many,
    tasks_parts,
    tasks_templates,
    watchers,
)
from ui.api.routing import PEOPLE, reading, router, routes

__all__ = ['PEOPLE', 'install', 'routes']


def install(application: FastAPI) -> None:
    """Add the routes of the API and its description."""
    application.router.redirect_slashes = False  # it would answer with an address made from the request
    application.include_router(router)
    application.include_router(reading)
    documents.describe(application)
