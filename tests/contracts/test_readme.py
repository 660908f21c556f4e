"""Holds the README to its promise: two commands, one line each, that do all their own set-up."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from logic import drafts, setup
from logic.core import files
from logic.core.config import Settings
from logic.core.files import images, kinds
from logic.identity import api_keys, invitations, passwords, resets, sessions, sign_in, throttle
from logic.members.attachments import PHOTO_BYTES
from logic.organizations import LOGO_BYTES
from logic.tasks.imports.reading import MOST_BYTES
from ui.guard.presence import Rules
from ui.guard.sockets import FRAMES_PER_SECOND
from ui.limits import SEARCHES, STRANGER
from ui.middleware import BODY_BYTES
from ui.pages.members.importing import LIMIT
from ui.pages.members.person.filing import DOCUMENT_BYTES

HOME = Path(__file__).resolve().parents[2]


def command(heading: str) -> str:
    """The one line in the one fenced block that directly follows a heading."""
    section = re.search(rf'^## {heading}\n(.*?)(?=^## |\Z)', (HOME / 'README.md').read_text(), re.MULTILINE | re.DOTALL)
    assert section, f'The README has no heading "## {heading}".'
    blocks = re.findall(r'^```\w*\n(.*?)^```$', section[1], re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f'"## {heading}" holds {len(blocks)} fenced blocks.'
    lines = blocks[0].splitlines()
    assert len(lines) == 1, f'The command under "## {heading}" has {len(lines)} lines.'
    return lines[0]


@pytest.mark.parametrize(('heading', 'lock'), [('Run', 'requirements.txt'), ('Test', 'requirements-dev.txt')])
def test_a_command_stands_alone_and_does_its_own_set_up(heading: str, lock: str):
    line = command(heading)
    assert line.startswith('python3 -m venv --without-pip .venv && ')
    assert f'--require-hashes -r {lock} && .venv/bin/python ' in line
    assert subprocess.run(['bash', '-n', '-c', line], check=False).returncode == 0


def test_run_starts_logbook_and_test_runs_the_suite():
    assert command('Run').endswith(' && .venv/bin/python main.py')
    assert '&& .venv/bin/python -m pytest' in command('Test')


def test_continuous_integration_runs_the_very_line_of_the_readme():
    script = (HOME / '.ci' / 'run').read_text()
    reader = re.search(r'^readme_command\(\) .*$', script, re.MULTILINE)
    assert reader
    read = subprocess.run(
        ['bash', '-c', f'{reader[0]}\nreadme_command Test'], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert read.stdout == f'{command("Test")}\n'
    assert 'pytest' not in script


HOUR, MINUTE, GUARD = timedelta(hours=1), timedelta(minutes=1), Rules()
SAID = (
    f'At least {passwords.LEAST_ALONE} characters, or {passwords.LEAST_WITH_MFA} beside a second factor, at most '
    f'{passwords.MOST},',
    f'Refused are {len(passwords.common_passwords()):,} common ones',
    f'After {throttle.FREE_FAILURES} wrong secrets the wait doubles up to {throttle.LONGEST_WAIT} seconds; after '
    f'{throttle.MOST_FAILURES} in a row',
    f'may try {throttle.NETWORK_PER_MINUTE} times a minute',
    f'The API takes {STRANGER.amount} calls a minute without a sign-in',
    f'searches {SEARCHES.amount} times a minute and exports {throttle.EXPORTS_AN_HOUR} times an hour',
    f'at most {GUARD.pages_of_session} pages open, all together {GUARD.pages_in_all:,}; a socket sends '
    f'{FRAMES_PER_SECOND} frames a second; a request that is no file has at most {BODY_BYTES // 1_000_000} MB',
    f'after {sessions.IDLE_MINUTES} minutes without use and after {sessions.LIFE // HOUR} hours; after '
    f'{sessions.SENSITIVE_IDLE_MINUTES} minutes and {sessions.SENSITIVE_LIFE // HOUR} hours for whoever',
    f'at most {sessions.API_LIFE.days} days: {Settings.model_fields["access_token_minutes"].default} minutes an access '
    f'token, {Settings.model_fields["refresh_token_days"].default} days a refresh token. An account has at most '
    f'{sessions.MOST_SESSIONS};',
    f'a sign-in of the last {sessions.FRESH_MINUTES} minutes',
    f"the setup link ({setup.LINK_LIFE // MINUTE} minutes), an invitation or a founder's link "
    f'({invitations.LIFE.days} days)',
    f'by a mailed link ({resets.LINK_LIFE // MINUTE} minutes)',
    f'within {sign_in.GRACE.days} days of whoever could take over',
    f'ends after {api_keys.DAYS} days unless',
    f'At most {LOGO_BYTES // 1_000_000} MB for a logo, {PHOTO_BYTES // 1_000_000} MB for a photo, '
    f'{LIMIT // 1_000_000} MB for an import or a paper of a file, '
    f'{files.LARGEST_ATTACHED_BYTES // 1_000_000} MB on records; '
    f'{kinds.MOST_UNPACKED_BYTES // 1_000_000} MB and {kinds.MOST_ENTRIES:,} entries when unpacked',
    f'sealed with the server for {drafts.KEPT.days} days',
    f'of at most {images.LARGEST_PIXELS // 1_000_000} million pixels',
)


@pytest.mark.parametrize('sentence', SAID)
def test_the_numbers_of_the_security_section_are_those_of_the_code(sentence: str):
    section = (HOME / 'README.md').read_text().partition('\n## Security\n')[2].partition('\n## ')[0]
    assert setup.FOUNDER_LIFE == invitations.LIFE
    assert LIMIT == MOST_BYTES == DOCUMENT_BYTES
    assert sentence in ' '.join(section.split())
