"""The columns of a census, on the page and in what is taken away."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from review.census.tallies import LATE_DAYS, SLOW_DAYS

# What stands in the columns of the table, on the page as in the exports.
FIGURES = [
    ("percent", gettext_lazy("已回覆（%）")),
    ("families", gettext_lazy("家庭")),
    ("agreed", gettext_lazy("線上同意")),
    ("declined", gettext_lazy("線上無意參加")),
    ("paper_only", gettext_lazy("以紙本為準")),
    ("silent", gettext_lazy("尚未回覆")),
    ("paper_agree", gettext_lazy("申請書同意")),
    ("paper_decline", gettext_lazy("申請書不同意")),
    ("mismatches", gettext_lazy("紙本與線上不同")),
    ("bound", gettext_lazy("已綁定")),
    ("fresh", format_lazy(gettext_lazy("待審 {days} 天內"), days=SLOW_DAYS - 1)),
    ("slow", format_lazy(gettext_lazy("待審 {first} 到 {last} 天"), first=SLOW_DAYS, last=LATE_DAYS - 1)),
    ("late", format_lazy(gettext_lazy("待審 {days} 天以上"), days=LATE_DAYS)),
    ("oldest_days", gettext_lazy("最久（天）")),
]

# Heads over the columns, and how many each has; their words are then as short as these.
GROUPS = [(gettext_lazy("意願"), 6), (gettext_lazy("申請書"), 3), (gettext_lazy("綁定與審核"), 5)]
SHORT = {
    "paper_agree": gettext_lazy("同意"),
    "paper_decline": gettext_lazy("不同意"),
    "mismatches": gettext_lazy("與線上不同"),
}
