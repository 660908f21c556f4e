"""Prints what the rules of our own find in all that ships, and ends with 1 when there is anything."""

import sys
from pathlib import Path

from tests.lint import check_tree

findings = check_tree(Path(__file__).resolve().parents[2])
sys.stdout.writelines(f'{finding}\n' for finding in findings)
sys.exit(bool(findings))
