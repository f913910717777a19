"""A person without mouse or touch: reaches everything by Tab and the arrows, and sees where the focus is."""

from playwright.sync_api import TimeoutError as NothingCame

from tests.browser.conftest import Walker

MOST_STOPS = 80
IS_FOCUSED = "(one) => one === document.activeElement"
IS_IN_GROUP = """(one) => one === document.activeElement ||
  (one.type === "radio" && document.activeElement.type === "radio" && document.activeElement.name === one.name)"""
# WCAG 2.4.7 and 2.4.11: on the screen, not covered, and with a ring or its like around it
WHAT_HIDES_IT = """(one) => {
  const box = one.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return "it is off the screen";
  const top = document.elementFromPoint(x, y);
  const isIts = top && (one.contains(top) || top.contains(one) || top.closest("label")?.control === one);
  if (!isIts) return `${top?.tagName}.${top?.className} covers it`;
  const rings = [one, one.parentElement, one.closest(".step, .count, .seat")].filter(Boolean);
  const hasRing = rings.some((it) => getComputedStyle(it).outlineStyle !== "none");
  return hasRing ? "" : "nothing shows the focus";
}"""


class Keyboard(Walker):
    def press(self, name, *, role="button", exact=True):
        self.tab_to(self.page.get_by_role(role, name=name, exact=exact).first, name)
        try:
            with self.page.expect_navigation(timeout=5_000):
                self.page.keyboard.press("Enter")
        except NothingCame:  # a press that changes the page as it stands
            pass
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, label, value):
        self.tab_to(self.page.get_by_label(label, exact=True), label)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(value)
        return self

    def tick(self, label, *, exact=True):
        box = self.page.get_by_label(label, exact=exact)
        self.tab_to(box, label, is_reached=IS_IN_GROUP)
        for _turn in range(MOST_STOPS):
            if box.evaluate(IS_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked(), f"{label!r} cannot be ticked by keyboard"
        return self

    def tab_to(self, target, name, *, is_reached=IS_FOCUSED):
        target.wait_for(state="visible")
        for _turn in range(MOST_STOPS):
            if target.evaluate(is_reached):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{name!r} is not reached by Tab on {self.page.url}")
        hidden = self.page.evaluate_handle("document.activeElement").evaluate(WHAT_HIDES_IT)
        assert not hidden, f"{name!r} on {self.page.url}: {hidden}"
