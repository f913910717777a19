"""Looks at a page in many circumstances without loading it anew: how wide, how dark, in whose colours, how spaced."""

from axe_playwright_python.base import AXE_SCRIPT

NARROW, PHONE, ZOOMED, DESK = 320, 390, 640, 1280  # ZOOMED: 1280 px at 200 %; NARROW: at 400 %
HEIGHT = 844

# WCAG 1.4.12: what a reader may set must not hide anything. A sheet made by script is no inline style, so our policy lets it.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
PLAIN = "() => { document.adoptedStyleSheets = []; }"
# How much wider than the screen, and what is
TOO_WIDE = """() => {
  const root = document.documentElement;
  const over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return "";
  const far = Array.from(document.body.querySelectorAll("*")).filter((one) =>
    one.getBoundingClientRect().right > root.clientWidth + 0.5 && !one.closest(".table-scroll, .visually-hidden"));
  const told = far.slice(-3).map((one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className}`);
  return `${over} px too wide (${told.join(", ")})`;
}"""
AXE = """(options) => axe.run(document, options).then((result) =>
  result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""
VIOLATIONS = {"resultTypes": ["violations"]}
# Colours are the reader's own there; axe reads ours.
FORCED = VIOLATIONS | {"rules": {"color-contrast": {"enabled": False}}}


class Sweep:
    def __init__(self, page):
        self.page = page
        self.page.set_default_navigation_timeout(120_000)  # two workers share two cores with two browsers
        self.found = {}

    def open(self, place, words):
        """False where what came is no page, or one that has an address of its own. `words`: what to call it in `found`."""
        answer = self.page.goto(place.address)
        self.name = words
        is_led_on = answer.request.redirected_from is not None
        return not is_led_on and answer.headers.get("content-type", "").startswith("text/html")

    def at(self, width, **media):
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(**{"color_scheme": "light", "forced_colors": "none", **media})
        return self

    def fits(self, circumstance):
        if told := self.page.evaluate(TOO_WIDE):
            self.found.setdefault(self.name, []).append(f"{circumstance}: {told}")
        return self

    def fits_spaced(self, circumstance):
        self.page.evaluate(SPACED)
        self.fits(f"{circumstance}, spaced")
        self.page.evaluate(PLAIN)
        return self

    def passes_axe(self, circumstance, options=VIOLATIONS):
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE_SCRIPT)
        if told := self.page.evaluate(AXE, options):
            self.found.setdefault(self.name, []).append(f"{circumstance}: {told}")
        return self

    def everything(self):
        """Light, dark and forced colours; 320, 390 and 1280 px; 200 and 400 %; spaced."""
        self.at(PHONE).fits("390").fits_spaced("390").passes_axe("390, light")
        self.at(NARROW, forced_colors="active").fits("320").fits_spaced("320").passes_axe("320, forced", FORCED)
        self.at(ZOOMED).fits("200 %")
        self.at(DESK, color_scheme="dark").fits("1280").passes_axe("1280, dark")

    def narrow(self):
        self.at(NARROW).fits_spaced("320")

    def widths(self):
        self.at(NARROW).fits("320").fits_spaced("320")
        self.at(PHONE).fits("390")

    def desk(self):
        self.at(DESK, color_scheme="dark").fits("1280").passes_axe("1280, dark")
        self.widths()
