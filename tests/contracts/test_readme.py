"""Holds the README to its promise: two commands, one line each, that do all their own set-up."""

import re
import subprocess
from pathlib import Path

import pytest

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
