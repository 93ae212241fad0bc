"""A visitor with a keyboard only: goes from link to link as people do who use no mouse."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

_MOST_TABS = 200
_NAMES = """nodes => nodes.map(node => [
    node.getAttribute('aria-label'), node.querySelector(':scope > title')?.textContent,
    ...[...(node.labels || [])].map(label => label.innerText), node.innerText]
    .filter(Boolean).join(' ').replace(/\\s+/g, ' ').trim())"""


@dataclass(frozen=True)
class Keys:
    """Keys pressed on ``page``."""

    page: Page

    def to(self, *words: str) -> str:
        """Presses Tab until the thing in focus has all ``words`` in its name; returns the name."""
        seen: list[str] = []
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            name = self.focused()
            if all(word in name for word in words):
                return name
            seen.append(name)
        raise AssertionError(f"Tab does not reach {words}; it reached {seen}")

    def follow(self, *words: str) -> None:
        """Goes to the link or button with all ``words`` in its name and presses Enter."""
        self.to(*words)
        self.enter()

    def enter(self) -> None:
        """Presses Enter and waits for the page that it leads to."""
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("load")

    def choose(self, option: str) -> None:
        """Presses the arrow down in a list of options until ``option`` is chosen."""
        chosen = self.page.locator(":focus")
        for _ in range(chosen.locator("option").count()):
            if chosen.evaluate("node => node.selectedOptions[0].text") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The list has no {option}")

    def focused(self) -> str:
        """The name of the link or control in focus, with its label; empty for a mere region of the page."""
        found = self.page.locator(":is(a, button, input, select, textarea, summary):focus").evaluate_all(_NAMES)
        return str(found[0]) if found else ""

    def arrives(self, heading: str) -> None:
        """Expects the page with this heading."""
        expect(self.page.locator("h1")).to_have_text(heading)
