"""Inviting somebody: every position is offered once."""

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.served import Served
from tests.browser.test_pages_at_work import begin
from tests.browser.test_people import installed, people, sit
from tests.ui.pages.cast import Cast

__all__ = ['installed', 'people']
pytestmark = pytest.mark.browser


def test_an_invitation_offers_each_position_once_and_that_of_everybody_first(
    browser: Browser, installed: tuple[Served, Cast], people: Cast
) -> None:
    page = sit(browser, installed, people.owner)
    begin(page, '/access')
    page.get_by_role('button', name='Invite').first.click()
    options = page.get_by_role('dialog').get_by_label('Position').get_by_role('option')
    expect(options.first).to_have_text('Member')
    named = options.all_inner_texts()
    assert len(named) > 2
    assert sorted(set(named)) == sorted(named)
    page.context.close()
