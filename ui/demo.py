"""The demo: a copy in a temporary folder, filled, served, and gone when it is stopped."""

import asyncio
import gc
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from logic.core.config import Settings
from logic.core.logs import set_up_logs
from logic.demo import SignIn, found_demo
from logic.start import opened
from ui import serving


def run(port: int | None, say: Callable[[str], Any]) -> int:
    """Make the copy and serve it until a signal arrives; returns the exit status. Raises Refused for a taken port."""
    folder = Path(tempfile.mkdtemp(prefix='logbook-demo-'))
    try:
        settings = own_settings(folder / 'data', port or free_port())
        set_up_logs(settings.log_level, settings.log_format)
        serving.listen(settings).close()
        gc.disable()  # what is made here stays until the end; the server enables it again
        return asyncio.run(_serve(settings, say))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def own_settings(folder: Path, port: int) -> Settings:
    """Return settings that take nothing from the environment: no real database is near a demo."""
    plain: dict[str, Any] = {name: field.get_default() for name, field in Settings.model_fields.items()}
    plain |= {'_env_file': None, 'port': port, 'data_dir': folder, 'log_level': 'warning'}
    return Settings(**plain)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])


async def _serve(settings: Settings, say: Callable[[str], Any]) -> int:
    say('A department of 60 people is being made, with a year behind it ...')
    async with opened(settings):
        sign_ins = await found_demo()
    for line in lines(sign_ins):
        say(line)
    return await serving.serve(settings, say)


def lines(sign_ins: list[SignIn]) -> list[str]:
    """Return with what to sign in, for the terminal."""
    width = max(len(one.email) for one in sign_ins)
    people = [f'  {one.role:<8} {one.email:<{width}}  {one.password}' for one in sign_ins]
    return ['Sign in as:', *people, 'Everything is invented, and gone when you stop it with Ctrl+C.']
