"""Writes acts and their entries and is killed, again and again: `... audit_writer URL SECRETS CYCLES`.

Prints how many acts were confirmed. Each cycle is a fork, so that the imports are paid once.
"""

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path
from uuid import uuid4

from data.core import now
from data.database import connect
from data.work import IdempotencyKey
from logic.audit.append import append
from logic.core.secrets.keys import install, open_secrets
from tests.logic.audited import KIM, ORGANIZATION, draft


async def write(url: str, confirm: int) -> None:
    """Write until killed; one byte for each act that the database has confirmed."""
    database = connect(url)
    for number in range(1_000_000):
        async with database.write(ORGANIZATION) as session:
            session.add(IdempotencyKey(key_hash=uuid4().hex, fingerprint='', result='act', created_at=now()))
            await session.flush()
            await append(session, KIM, ORGANIZATION, [draft(number)], now())
            await session.commit()
        os.write(confirm, b'.')


def cycle(url: str, seconds: float) -> int:
    """Let a child write for so long, kill it, and return how many acts it saw confirmed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        asyncio.run(write(url, writing))
    os.close(writing)
    confirmed = len(os.read(reading, 1))  # the first act: it is at work now
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(reading, 65536):
        confirmed += len(part)
    os.close(reading)
    return confirmed


if __name__ == '__main__':
    install(open_secrets(Path(sys.argv[2]), database_exists=True))
    chance = random.Random(7)  # noqa: S311  repeatable on purpose
    total = sum(cycle(sys.argv[1], chance.uniform(0.02, 0.25)) for _ in range(int(sys.argv[3])))
    sys.stdout.write(f'{total}\n')
