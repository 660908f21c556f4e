"""The terminal: how commands open the installation, ask, show their progress, answer, and refuse."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import typer

REFUSED, MISCONFIGURED = 1, 2
NOT_SERVED = ('aiohttp', 'pygments', 'redis', 'requests', 'rich', 'watchfiles')
"""What Socket.IO, structlog and uvicorn import where it is there, for clients, brokers, tracebacks and reloads:
a quarter of a second and 22 MB of a server that stays."""


def say(text: str) -> None:
    """Print an answer."""
    typer.echo(text)


@contextlib.contextmanager
def lean_imports() -> Iterator[None]:
    """Let the optional imports of `NOT_SERVED` find nothing for a while; what is loaded already stays."""
    hidden = [name for name in NOT_SERVED if name not in sys.modules]
    absent: dict[str, Any] = dict.fromkeys(hidden)  # None means: there is no such module
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn every expected refusal into its sentence and an exit status, without a stack trace."""
    from logic.core.config import SettingsError
    from logic.core.errors import AppError, Invalid
    from logic.start import REFUSALS

    try:
        yield
    except SettingsError as error:
        for fault in error.faults:
            typer.echo(fault, err=True)
        raise typer.Exit(MISCONFIGURED) from None
    except Invalid as error:
        typer.echo(error.message, err=True)
        for name, reason in error.fields.items():
            typer.echo(f'  {name}: {reason}', err=True)
        raise typer.Exit(REFUSED) from None
    except (AppError, *REFUSALS) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def read_settings(*, quiet: bool = False) -> Any:
    """Read the settings and set up the log; a command that answers on the screen logs what went wrong only."""
    from logic.core.config import load_settings
    from logic.core.logs import set_up_logs

    settings = load_settings()
    level = 'warning' if quiet and settings.log_level == 'info' else settings.log_level
    set_up_logs(level, settings.log_format)
    return settings


def perform(act: Callable[[Any], Awaitable[None]], *, alone: bool = True, migrate: bool = True) -> None:
    """Open the installation and do something in it."""
    with refusals():
        settings = read_settings(quiet=True)
        from logic.start import opened

        async def main() -> None:
            async with opened(settings, alone=alone, migrate=migrate):
                await act(settings)

        asyncio.run(main())


def secret_from_input(question: str, *, twice: bool = False) -> str:
    """Ask for a secret without showing it, or read it as the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(question, hide_input=True, confirmation_prompt=twice))
    return sys.stdin.readline().rstrip('\r\n')


@contextlib.contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """Show a progress bar that is told parts of one; nothing is shown where no person looks."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(label, total=1.0)
        yield lambda part: progress.update(task, completed=part)
