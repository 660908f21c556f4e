"""Taking many people in at once: rows are matched, compared and written with few statements, all of them or none."""

from logic.members.intake.apply import apply_intake
from logic.members.intake.plan import plan_intake
from logic.members.intake.rows import Fate, IntakePlan, IntakeRow, RowFate

__all__ = ['Fate', 'IntakePlan', 'IntakeRow', 'RowFate', 'apply_intake', 'plan_intake']
