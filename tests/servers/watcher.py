"""Runs one server as a child until its owner ends: also a test run that is killed leaves no server behind.

Started as a script of its own, so that starting it costs no import of anything but the standard library.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

STOP_SECONDS = 20


def stop(pid: int) -> None:
    """End a process politely and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    wait(pid, STOP_SECONDS)


def wait(pid: int, seconds: float) -> None:
    """Wait until a process is gone, whether or not it is a child of ours."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return
        if not lives(pid):
            return
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def watch(owner: int, command: list[str]) -> int:
    """Run a server until its owner ends, however it ends: also a killed test run leaves no server behind."""
    server = subprocess.Popen(command)

    def end(number: int, _frame: object) -> None:
        server.kill() if number == signal.SIGUSR1 else server.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGUSR1, end)
    while lives(owner):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return server.wait(timeout=0.5)
    server.terminate()
    try:
        return server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


if __name__ == '__main__':
    sys.exit(watch(int(sys.argv[1]), sys.argv[2:]))
