"""The whole map of the house: domains, permissions, services, jobs, pages and routes, as `main.py map` prints it."""

from collections.abc import Iterator

from logic.core.connections import CONNECTIONS
from logic.core.domain import domains, handlers, jobs
from logic.core.secrets import INVENTORY
from logic.core.service import services


def map_lines() -> Iterator[str]:
    """Yield the map, domain by domain, then what lies under which address."""
    from ui import api as interface
    from ui import front, pages, shell

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
    declared = {key: f'{route.permission}' for key, route in interface.routes.items()} | front.routes
    declared |= {('GET', path): 'PUBLIC' for path in ('/health', '/health/db', '/health/redis')}
    for (method, path), permission in sorted(declared.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        yield f'  {method}  {path}  {permission}'


def crypto_lines() -> Iterator[str]:
    """Yield every use of cryptography."""
    for use in INVENTORY:
        yield f'{use.purpose}: {use.algorithm}. Key: {use.key}. Rotation: {use.rotation}. In {use.module}.'


def connection_lines() -> Iterator[str]:
    """Yield every kind of server that Logbook connects to."""
    for one in CONNECTIONS:
        modules = ', '.join(one.modules)
        yield f'{one.server}: {one.purpose}. Named by: {one.named_by}. Protection: {one.protection}. In {modules}.'
