"""Kill -9 at any moment loses nothing that was acknowledged, doubles nothing, and leaves a log that verifies."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Mailbox

HOME = Path(__file__).resolve().parents[2]


def crash(kind: str, folder: Path, cycles: int, seconds: float, smtp: str | None = None) -> dict[str, Any]:
    call = f'crash.main({kind!r}, Path({str(folder)!r}), {cycles}, {smtp!r})'
    program = f'from pathlib import Path; from tests.contracts import crash; {call}'
    done = subprocess.run(
        [sys.executable, '-c', program],
        cwd=HOME, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    verdict: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return verdict


def assert_sound(verdict: dict[str, Any]) -> None:
    assert verdict['integrity'] == 'ok'
    assert verdict['orphans'] == 0
    assert verdict['audit'] == []


def test_no_acknowledged_write_is_lost_in_200_crashes(tmp_path: Path) -> None:
    verdict = crash('writes', tmp_path, 200, 400)
    assert_sound(verdict)
    assert verdict['cycles'] == 200
    assert verdict['lost'] == []
    assert verdict['acknowledged'] > 400


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_in_1000_crashes(tmp_path: Path) -> None:
    verdict = crash('writes', tmp_path, 1000, 1800)
    assert_sound(verdict)
    assert verdict['lost'] == []
    assert verdict['acknowledged'] > 2000


def test_no_job_is_lost_and_none_counts_double_however_often_its_runner_dies(tmp_path: Path) -> None:
    verdict = crash('jobs', tmp_path, 40, 280)
    assert_sound(verdict)
    assert verdict['cycles'] > 5
    assert verdict['states'] == {'done': 800}
    assert verdict['counted'] == 400
    assert verdict['files'] == 400


@pytest.mark.parametrize('kind', ['mails', 'digest'])
def test_each_mail_arrives_once_however_often_its_sender_dies(kind: str, tmp_path: Path, mailbox: Mailbox) -> None:
    verdict = crash(kind, tmp_path, 15, 280, f'smtp://127.0.0.1:{mailbox.port}')
    assert_sound(verdict)
    assert verdict['cycles'] > 3
    assert verdict['states'].keys() == {'done'}
    arrived = [address for addresses in mailbox.recipients for address in addresses]
    everybody = {f'person{number}@example.org' for number in range(60)}
    assert len(arrived) == len(set(arrived)), 'a mail came twice'
    # Between the note that the text goes out and the text lies the blink of an eye; who was hit there is shown as such.
    assert everybody - set(arrived) <= set(verdict['doubtful'])
    assert len(set(arrived)) >= 58
