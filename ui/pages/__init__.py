"""The screens behind sign-in; each domain gains one line here."""

from ui.pages import audit, companies, home, members, positions, settings  # noqa: F401
