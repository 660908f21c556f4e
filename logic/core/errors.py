"""Refusals fit for a person to read; everything else that is raised is a bug.

Plain sentences are said in the reader's language by themselves; those with values in them ask `_` first.
"""

from collections.abc import Mapping

from logic.core.language import _


class AppError(Exception):
    """A refusal with a sentence that says what happened, why, and what to do next."""

    def __init__(self, message: str) -> None:
        self.message = str(_(message))
        super().__init__(self.message)


class Unauthenticated(AppError):
    """Nobody is signed in, or no longer."""


class Denied(AppError):
    """The actor may not do this; `permission` is the right that he lacks, where it is one that positions give."""

    def __init__(self, message: str, permission: str = '') -> None:
        super().__init__(message)
        self.permission = permission


class NotFound(AppError):
    """There is no such record, or not in the actor's organization."""


class Conflict(AppError):
    """The record is not in a state that allows this, or somebody changed it meanwhile."""


class Invalid(AppError):
    """The input cannot be taken; `fields` says for each field why."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = {name: str(_(reason)) for name, reason in (fields or {}).items()}


class TooMany(AppError):
    """Too many attempts; try again later."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(AppError):
    """Something that Logbook leans on does not answer just now."""
