"""Notices: all that I was told, what I want to hear of, and what the department mails."""

from ui.pages.notifications import bell, choices, defaults, outbox, wording  # noqa: F401  importing registers them
