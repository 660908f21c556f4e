"""Figures for Prometheus behind a token: requests, their time, the event loop, jobs, sessions, memory."""

import hmac
import shutil
import time
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from nicegui import Client
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.core import now
from logic import status
from logic.core import config
from logic.core.actor import Actor
from logic.core.errors import NotFound
from logic.core.version import VERSION

router = APIRouter(include_in_schema=False)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
OTHER = 'other'
"""The route of what no route took: a path that anybody may send is no label."""
_kept: list['Figures'] = []


class Figures:
    """What is counted; the library is loaded only where somebody reads it."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        known: dict[str, Any] = {'registry': self.registry, 'namespace': 'logbook'}
        self.requests = Counter('requests', 'Requests answered', ('method', 'route', 'status'), **known)
        self.seconds = Histogram(
            'request_seconds', 'Time to the end of the answer', ('route',), buckets=BUCKETS, **known
        )
        self.running = Gauge('requests_running', 'Requests being answered', **known)
        self.lag = Gauge('event_loop_lag_seconds', 'Lateness of the event loop in the last minute', ('of',), **known)
        self.jobs = Gauge('jobs', 'Jobs in the table', ('status',), **known)
        self.late = Gauge('job_oldest_due_seconds', 'How long the oldest due job has waited', **known)
        self.sessions = Gauge('sessions', 'Sessions that are signed in', **known)
        self.pages = Gauge('open_pages', 'Pages held for browsers', **known)
        self.memory = Gauge('resident_memory_bytes', 'Memory of this process', **known)
        self.disk = Gauge('disk_free_bytes', 'Room on the disk of the data folder', **known)
        self.backup = Gauge('last_backup_seconds', 'Age of the last good backup', **known)
        self.damaged = Gauge('audit_logs_damaged', 'Audit logs whose last verification found damage', **known)
        self.started = Gauge('start_time_seconds', 'When this process started, since 1970', ('version',), **known)

    async def text(self) -> bytes:
        """Measure what is not counted as it happens, and return all in the form of Prometheus."""
        from prometheus_client import generate_latest

        found, at = await status.measures(Actor.system(name='Metrics')), now()
        for name, count in found.jobs.items():
            self.jobs.labels(name).set(count)
        self.late.set(_age(found.oldest_due_at, at) or 0)
        self.backup.set(_age(found.last_backup_at, at) or float('inf'))
        self.damaged.set(found.damaged_logs)
        self.sessions.set(found.sessions)
        self.pages.set(len(Client.instances))
        self.lag.labels('worst').set(status.lag.worst)
        self.lag.labels('p99').set(status.lag.usual)
        self.memory.set(status.memory_bytes())
        self.disk.set(shutil.disk_usage(config.configured().data_dir).free)
        self.started.labels(VERSION).set(status.STARTED_AT.timestamp())
        return bytes(generate_latest(self.registry))


def _age(then: datetime | None, at: datetime) -> float | None:
    return None if then is None else (at - then).total_seconds()


def figures() -> Figures:
    """Return the figures of this process."""
    if not _kept:
        _kept.append(Figures())
    return _kept[0]


class Measured:
    """Count and time every request; only there when somebody reads the figures."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.figures = app, figures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        begun, answered = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal answered
            if message['type'] == 'http.response.start':
                answered = message['status']
            await send(message)

        self.figures.running.inc()
        try:
            await self.app(scope, receive, noting)
        finally:
            self.figures.running.dec()
            route = getattr(scope.get('route'), 'path', OTHER)
            self.figures.seconds.labels(route).observe(time.perf_counter() - begun)
            method = scope['method'] if scope['method'] in METHODS else OTHER
            self.figures.requests.labels(method, route, str(answered)).inc()


METHODS = frozenset({'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'})


@router.get('/metrics')  # allow LR14: asked by a machine, which shows the token of the settings
async def metrics(request: Request) -> Response:
    """Answer the figures of this process to who shows the token; without one in the settings there is no such page."""
    token = config.configured().metrics_token
    if token is None:
        raise NotFound('There is no such page.')
    shown = request.headers.get('authorization', '')
    if not hmac.compare_digest(shown.encode(), f'Bearer {token}'.encode()):
        headers = {'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store'}
        return JSONResponse({'detail': 'Show the metrics token as a bearer token.', 'errors': {}}, 401, headers)
    return Response(
        await figures().text(), media_type='text/plain; version=0.0.4', headers={'Cache-Control': 'no-store'}
    )
