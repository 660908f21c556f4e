"""What axe finds on a screen, once nothing on it moves any more."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ('wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa')
# A colour on its way from one theme to the other has a contrast that nobody ever reads.
AT_REST = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
}"""


def faults(page: Page, rules: tuple[str, ...] = WCAG) -> list[str]:
    """What axe finds, in a line for each element."""
    page.evaluate(AT_REST)
    found = Axe().run(page, options={'runOnly': list(rules)}).response['violations']
    return [f'{one["id"]}: {node["html"][:160]}' for one in found for node in one['nodes'][:3]]
