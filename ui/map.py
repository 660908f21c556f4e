"""The whole map of the house: domains, permissions, services, jobs, pages and routes, as `main.py map` prints it."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from logic.core.config import Settings
from logic.core.domain import domains, handlers, jobs
from logic.core.secrets import INVENTORY
from logic.core.service import services


def map_lines() -> Iterator[str]:
    """Yield the map, domain by domain, then what lies under which address."""
    from ui import pages, shell
    from ui.application import api

    application = api(Settings.model_construct())
    assert pages
    for domain in sorted(domains.values(), key=lambda domain: domain.name):
        yield f'{domain.name}  {domain.title}{"  (can be switched off)" if domain.switchable else ""}'
        for permission, label in domain.permissions.items():
            yield f'  permission  {permission}  {label}'
        for name, service in sorted(services.items()):
            if service.domain == domain.name:
                yield f'  {"service" if service.writes else "query"}  {name}  {service.permission}'
        for name, job in sorted(jobs.items()):
            if job.domain == domain.name:
                yield f'  job  {name}{f"  {job.schedule}" if job.schedule else ""}'
    yield 'services of the core'
    yield from (
        f'  {name}  {service.permission}' for name, service in services.items() if service.domain not in domains
    )
    yield 'events'
    for event, called in sorted(handlers.items(), key=lambda pair: pair[0].__name__):
        yield f'  {event.__name__}  {", ".join(f"{one.__module__}.{one.__name__}" for one in called)}'
    yield 'pages'
    yield from (f'  {path}  {entry.title}  {entry.permission}' for path, entry in sorted(shell.pages.items()))
    yield 'routes'
    for route in sorted((r for r in application.routes if isinstance(r, APIRoute)), key=lambda route: route.path):
        yield f'  {",".join(sorted(route.methods))}  {route.path}'


def crypto_lines() -> Iterator[str]:
    """Yield every use of cryptography."""
    for use in INVENTORY:
        yield f'{use.purpose}: {use.algorithm}. Key: {use.key}. Rotation: {use.rotation}. In {use.module}.'
