"""What axe finds on a screen, once nothing on it moves any more."""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Page

WCAG = ('wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa')
# A colour on its way from one theme to the other has a contrast that nobody ever reads.
AT_REST = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    for (const one of ending) one.finish();
    await Promise.allSettled(ending.map((one) => one.finished));
}"""
# Only the lines leave the browser: what axe found right is a hundred times as much.
FAULTS = """async (options) => (await axe.run(options)).violations.flatMap((one) =>
    one.nodes.slice(0, 3).map((node) => `${one.id}: ${node.html.slice(0, 160)}`))"""
COLOURS = {'type': 'rule', 'values': ['color-contrast', 'link-in-text-block']}
"""All that the other theme can make worse: what a page is made of does not depend on it."""


def at_rest(page: Page) -> None:
    """Have what moves on a screen arrive."""
    page.evaluate(AT_REST)


def faults_in_the_other_theme(page: Page) -> list[str]:
    """What axe finds of an open page once its colours are turned; they are turned back afterwards."""
    before = page.evaluate('document.documentElement.dataset.theme')
    turned: Literal['light', 'dark'] = 'light' if before == 'dark' else 'dark'
    page.emulate_media(color_scheme=turned)
    page.wait_for_function('(theme) => document.documentElement.dataset.theme === theme', arg=turned)
    try:
        return _asked(page, COLOURS)
    finally:
        page.emulate_media(color_scheme=before)


def faults(page: Page, rules: tuple[str, ...] = WCAG) -> list[str]:
    """What axe finds, in a line for each element."""
    return _asked(page, list(rules))


def _asked(page: Page, rules: list[str] | dict[str, Any]) -> list[str]:
    at_rest(page)
    if page.evaluate('typeof axe === "undefined"'):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(FAULTS, {'runOnly': rules, 'resultTypes': ['violations']})
    return found
