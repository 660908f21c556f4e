"""The screens behind sign-in; each domain gains one line here."""

from ui.pages import access, account, audit, backup, companies, home, lists, members, positions, rules, settings, status  # noqa: F401
