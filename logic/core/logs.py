"""The log: one line an event on standard error, JSON for machines and text for a terminal, without secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

SECRET = re.compile(
    r'password|passphrase|secret|token|authorization|cookie|api_key|smtp_url|database_url', re.IGNORECASE
)
CREDENTIALS_IN_URL = re.compile(r'(\w+://[^\s:/@]*:)[^\s@/]+@')
HIDDEN = '(hidden)'
CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
# Libraries that tell of every step at "info"; what they warn of is still logged.
QUIETER = (
    'alembic',
    'sqlalchemy',
    'uvicorn',
    'aiosmtplib',
    'multipart',
    'engineio',
    'socketio',
    'watchfiles',
    'asyncio',
)
Event = MutableMapping[str, Any]


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Blank values whose names say that they are secret, and passwords inside addresses."""
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str) and '://' in value:
            event[name] = CREDENTIALS_IN_URL.sub(r'\1***@', value)
    return event


def keep_on_one_line(_logger: Any, _method: str, event: Event) -> Event:
    """Write line ends and other control characters as escapes, so that no value looks like an entry of its own."""
    return {name: value.translate(CONTROLS) if isinstance(value, str) else value for name, value in event.items()}


def set_up_logs(level: str = 'info', form: Literal['auto', 'json', 'text'] = 'auto') -> None:
    """Send our own log and that of every library to standard error, in one form."""
    number = logging.getLevelNamesMapping()[level.upper()]
    is_text = form == 'text' or (form == 'auto' and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt='iso', utc=True),
        hide_secrets,
    ]
    renderer: list[Any] = (
        [keep_on_one_line, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if is_text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,  # a cached logger would keep writing to a stream that was replaced
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name in QUIETER:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
