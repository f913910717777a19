"""Where a school stands in the city's list: its level, told by its name, and its district."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DISTRICTS = [
    ("中正區", _("中正區")),
    ("大同區", _("大同區")),
    ("中山區", _("中山區")),
    ("松山區", _("松山區")),
    ("大安區", _("大安區")),
    ("萬華區", _("萬華區")),
    ("信義區", _("信義區")),
    ("士林區", _("士林區")),
    ("北投區", _("北投區")),
    ("內湖區", _("內湖區")),
    ("南港區", _("南港區")),
    ("文山區", _("文山區")),
]
# The first that fits: a 高中附設國中 is a 高中.
LEVELS = [
    (re.compile("高級|高中|高職|高工|高商"), pgettext_lazy("level of schools", "高級中等學校")),
    (re.compile("國民中學|國中"), pgettext_lazy("level of schools", "國民中學")),
    (re.compile("國民小學|國小|小學"), pgettext_lazy("level of schools", "國民小學")),
]
OTHER = pgettext_lazy("level of schools", "其他學校")


def level_of(name):
    """(place in the list, words)"""
    found = ((place, words) for place, (pattern, words) in enumerate(LEVELS) if pattern.search(name))
    return next(found, (len(LEVELS), OTHER))


def in_groups(schools):
    """[(words for the level, [(words for the district or "", schools)])]; inside a district their order stays."""
    groups: dict[tuple, dict[str, list]] = {}
    for one in schools:
        groups.setdefault(level_of(one.name), {}).setdefault(one.district, []).append(one)
    order = [code for code, _words in DISTRICTS] + [""]
    return [
        (words, [(dict(DISTRICTS).get(code, ""), districts[code]) for code in sorted(districts, key=order.index)])
        for (_place, words), districts in sorted(groups.items(), key=lambda group: group[0][0])
    ]
