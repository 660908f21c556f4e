"""Runs every check of the code in one command, `python -m tests.checks`: format, lint, types, imports, dependencies."""

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
CHECKS = {
    'format': ['ruff', 'format', '--check', '--quiet', '.'],
    'lint': ['ruff', 'check', '--quiet', '.'],
    'types': ['mypy', '--no-error-summary'],
    'imports': ['lint-imports', '--no-logo'],
    'dependencies': ['deptry', '.'],
    'own rules': ['python', '-m', 'tests.lint'],
}


def run(*names: str) -> int:
    """Run the named checks, or all, side by side; print what they say and answer how many failed."""
    programs = Path(sys.executable).parent
    environment = os.environ | {'PATH': f'{programs}{os.pathsep}{os.environ["PATH"]}', 'NO_COLOR': '1'}
    running = {
        name: subprocess.Popen(
            [str(programs / command[0]), *command[1:]],
            cwd=HOME,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, command in CHECKS.items()
        if not names or name in names
    }
    failed = 0
    for name, check in running.items():
        said, _ = check.communicate()
        print(f'{name}: {"FAILED" if check.returncode else "ok"}')
        if check.returncode:
            failed += 1
            print(said)
    return failed


if __name__ == '__main__':
    sys.exit(run(*sys.argv[1:]) > 0)
