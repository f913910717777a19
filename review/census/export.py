"""A census to take away: as a workbook whose numbers can be reckoned with, as a PDF to hand round."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import log
from core.formats import roc_date
from core.printing.typesetting import typeset
from core.spreadsheets import Page, build_report
from review.census.chart import PARTS
from review.census.columns import FIGURES
from review.census.lines import in_words

TEMPLATE = Path(__file__).parent / "census.typ"


def export(*, census, form, by):
    """The file (bytes) of `form` "xlsx" or "pdf"; who took what away is an event."""
    data = {"xlsx": as_workbook, "pdf": as_pdf}[form](census)
    with transaction.atomic():
        log.record(
            "census.exported",
            by=by,
            target=census.school,
            school=census.school,
            data={"form": form, "families": census.total.families},
        )
    return data


def as_workbook(census):
    return build_report(
        [
            Page(
                title,
                [kind, *(str(word) for _kind, word in FIGURES)],
                [cells_of(line) for line in lines],
                [24, *(9 for _figure in FIGURES)],
            )
            for title, kind, lines in census.tables
        ]
        or [Page(_("統計"), [in_words(census.total)], [], [60])]
    )


def cells_of(line):
    """The percentage as a share, for the workbook shows it as one."""
    return [line.name, *(one.value / 100 if one.kind == "percent" else one.value for one in line.figures)]


def as_pdf(census):
    return typeset(TEMPLATE, facts_of(census), format="pdf")


def facts_of(census):
    """What stands on the paper, as census.typ takes it."""
    return {
        "head": census.school.name if census.school else _("臺北市校園單一身分驗證服務"),
        "title": str(census.title),
        "made_on": _("%(day)s 製表") % {"day": roc_date(timezone.localdate())},
        "state": in_words(census.total),
        "note": _("每位學生算一個家庭。已回覆：線上已填答，或登記為以紙本為準。"),
        "legend": [{"pattern": kind.pattern, "word": str(kind.word)} for kind in PARTS],
        "charts": [{"title": chart.title, "bars": [bar_facts(bar) for bar in chart.bars]} for chart in census.charts],
        "columns": [str(word) for _kind, word in FIGURES],
        "tables": [
            {"title": title, "kind": kind, "lines": [[str(c) for c in printed(line)] for line in lines]}
            for title, kind, lines in census.tables
        ],
    }


def bar_facts(bar):
    parts = [{"pattern": part.pattern, "start": part.start, "width": part.width} for part in bar.parts]
    return {"name": bar.name, "figures": bar.figures, "parts": parts}


def printed(line):
    return [line.name, *("" if one.value is None else one.value for one in line.figures)]
