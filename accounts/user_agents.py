"""What a browser calls itself, as far as a person needs it to tell the own devices apart."""

import re

from django.utils.translation import gettext as _

# The first that fits: Edge and LINE call themselves Chrome and Safari as well.
BROWSERS = [
    ("LINE", r"\bLine/"),
    ("Edge", r"\bEdgA?(iOS)?/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
]
SYSTEMS = [
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac(intosh| OS X)\b"),
    ("Linux", r"\bLinux\b"),
]


def device_of(request):
    """`browser/system`, each empty where it is none of those we know: no text of the sender's is kept."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    return f"{_first(BROWSERS, agent)}/{_first(SYSTEMS, agent)}"


def _first(known, agent):
    return next((name for name, pattern in known if re.search(pattern, agent)), "")


def is_unknown(device):
    """Neither the browser nor the system is one that we know: a program, or an app that does not say."""
    return device in ("", "/")


def in_words(device):
    """「Chrome（Windows）」 for people."""
    browser, _slash, system = device.partition("/")
    if is_unknown(device):
        return _("不明的裝置")
    return _("%(browser)s（%(system)s）") % {"browser": browser or _("其他瀏覽器"), "system": system or _("其他系統")}
