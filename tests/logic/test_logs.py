"""The log: JSON lines in UTC without secrets, in which no value can pass for an entry of its own."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from logic.core.logs import set_up_logs

FORGED = '/a\n2026-01-01T00:00:00Z [error] all is lost\r\x1b[2J\u2028'


@pytest.fixture(autouse=True)
def root_as_it_was() -> Iterator[None]:
    """Give the log of other tests back its handlers."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def write(path: str) -> None:
    """An entry of ours, and one of a library."""
    structlog.get_logger('ours').warning('request.refused', path=path, password='hunter2', url='redis://:hunter2@host')
    logging.getLogger('theirs').warning('cannot open %s', path)


def test_entries_are_json_lines_with_their_time_in_utc(capsys):
    set_up_logs('info', 'json')
    write(FORGED)
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(one['event'], one['level']) for one in entries] == [
        ('request.refused', 'warning'),
        (f'cannot open {FORGED}', 'warning'),
    ]
    for one in entries:
        at = datetime.fromisoformat(one['timestamp'])
        assert at.tzinfo == UTC
        assert abs((datetime.now(UTC) - at).total_seconds()) < 60


@pytest.mark.parametrize('form', ['json', 'text'])
def test_no_value_looks_like_an_entry_of_its_own(capsys, form):
    set_up_logs('info', form)
    write(FORGED)
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 2
    assert '\x1b[2J' not in written


@pytest.mark.parametrize('form', ['json', 'text'])
def test_no_secret_is_written(capsys, form):
    set_up_logs('info', form)
    write('/a')
    written = capsys.readouterr().err
    assert 'hunter2' not in written
    assert 'redis://:***@host' in written
