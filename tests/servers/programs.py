"""The programs that tests need: found on this machine, or installed where that is allowed."""

import contextlib
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.servers.run import locked, run_folder


class Missing(Exception):
    """Something the machine does not have and this run may not install."""


LABELS = {'mariadb': 'MariaDB', 'redis': 'Redis', 'browser': 'Chromium'}
PROGRAMS = {
    'mariadb': ('mariadbd', 'mysqld'),
    'redis': ('redis-server',),
    'browser': ('chromium', 'chromium-browser', 'google-chrome'),
}
# What the program calls or is set up with; of no use without.
HELPERS = {'mariadb': ('mariadb-install-db', 'my_print_defaults')}
# MariaDB's core packages have the server without the service that Debian would start at every boot.
PACKAGES = {
    'mariadb': ('mariadb-server-core', 'mariadb-client-core'),
    'redis': ('redis-server',),
    'browser': ('chromium',),
}


@functools.cache
def program(need: str) -> str:
    """The path of the program behind a need, installed first where that is allowed; raises Missing."""
    found = _complete(need)
    if not found:
        with locked('apt'):
            found = _complete(need) or _install(need)
    return found


def _complete(need: str) -> str:
    found = find(*PROGRAMS[need])
    return found if all(find(helper) for helper in HELPERS.get(need, ())) else ''


def find(*names: str) -> str:
    path = os.pathsep.join([os.environ.get('PATH', ''), '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'])
    return next((found for name in names if (found := shutil.which(name, path=path))), '')


def _install(need: str) -> str:
    packages, refused = PACKAGES[need], run_folder() / f'{need}.missing'
    if refused.exists():
        raise Missing(refused.read_text())
    reason = why_not_installable() or _apt_install(*packages)
    found = _complete(need)
    if not found:
        sentence = f'{LABELS[need]} is missing ({reason or f"{packages[0]} brought no {PROGRAMS[need][0]}"})'
        refused.write_text(sentence)
        raise Missing(sentence)
    return found


def why_not_installable() -> str:
    if not find('apt-get'):
        return 'this machine has no apt-get to install it with'
    if os.geteuid() != 0:
        return 'installing it with apt-get needs root'
    return ''


def _apt_install(*packages: str) -> str:
    """Install packages quietly and within bounds; answers why it failed, or nothing."""
    apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::http::Timeout=20']
    updated = run_folder() / 'apt.updated'
    if not updated.exists():
        quiet([*apt, 'update'], seconds=120)
        updated.touch()
    with _no_services():
        return quiet([*apt, 'install', '-y', '--no-install-recommends', *packages], seconds=280)


@contextlib.contextmanager
def _no_services() -> Iterator[None]:
    """Keep Debian from starting the service it installs: the tests start their own, on their own port."""
    policy = Path('/usr/sbin/policy-rc.d')
    if policy.exists():
        yield
        return
    policy.write_text('#!/bin/sh\nexit 101\n')
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def quiet(command: list[str], *, seconds: float) -> str:
    """Run a command without a word; answers one line of its complaint when it fails."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            check=False,
            env=os.environ | {'DEBIAN_FRONTEND': 'noninteractive', 'LC_ALL': 'C.UTF-8'},
        )
    except subprocess.TimeoutExpired:
        return f'{command[0]} took more than {seconds:.0f} s'
    if done.returncode == 0:
        return ''
    lines = (done.stdout + done.stderr).strip().splitlines()
    faults = [line for line in lines if line.startswith(('E:', 'ERROR', 'FATAL'))] or lines[-1:]
    return faults[0] if faults else f'{command[0]} ended with {done.returncode}'
