"""Tasks on screen: all tasks, the lists with their boards and calendars, and each task."""

from ui.pages.tasks import board, every, feed, importing, labels, lists, mine, sharing, task, templates, turning  # noqa: F401
