"""Members: the directory as list, cards and chart; a person's page; import, changes to approve, and batches."""

from ui.pages.members import (  # noqa: F401
    batches,
    changes,
    chart,
    directory,
    duplicates,
    expiring,
    importing,
    letter,
    merging,
    new,
    person,
    printing,
)
