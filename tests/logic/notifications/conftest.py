"""Fixtures of the tests of notices."""

from tests.logic.notifications.post import black_hole, no_server, post

__all__ = ['black_hole', 'no_server', 'post']
