"""The lint rules of our own, read from the syntax tree: `python -m tests.lint` runs them over all that ships.

A line that must break a rule says so and why: `# allow LR9: the one client that checks addresses first`.
"""

from tests.lint import declared, handlers, inputs, sinks, sources, surroundings, values, whose
from tests.lint.rule import RULES, Finding, check, check_tree

__all__ = [
    'RULES',
    'Finding',
    'check',
    'check_tree',
    'declared',
    'handlers',
    'inputs',
    'sinks',
    'sources',
    'surroundings',
    'values',
    'whose',
]
