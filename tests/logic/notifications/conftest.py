"""Fixtures of the tests of notices."""

from tests.logic.notifications.post import no_server, post

__all__ = ['no_server', 'post']
