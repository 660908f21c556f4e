"""The audit log: the list, one entry with its proof, and what secures all of it."""

from ui.pages.audit import entries, entry  # noqa: F401
