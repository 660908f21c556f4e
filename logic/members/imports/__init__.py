"""Importing a roster: read the file, map its columns, dry run with the fate of each row, apply as one batch."""

from logic.members.imports.applying import ImportResult, apply_import, plan_import
from logic.members.imports.columns import Target, guess_mapping
from logic.members.imports.files import apply_file, plan_file, read_file
from logic.members.imports.parsing import Fault, ImportOptions, Reading, read_roster
from logic.members.imports.planning import Fate, ImportPlan, RowFate

__all__ = [
    'Fate', 'Fault', 'ImportOptions', 'ImportPlan', 'ImportResult', 'Reading', 'RowFate', 'Target',
    'apply_file', 'apply_import', 'guess_mapping', 'plan_file', 'plan_import', 'read_file', 'read_roster',
]  # fmt: skip
