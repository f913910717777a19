"""The lists on the pages of rosters: rosters, students of one kind of change, classes."""

from operator import itemgetter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import in_a_row, joined
from core.listing import Column, Filter, Listing, Search
from registry import class_names
from registry.models import RosterImport, Student
from registry.roster.showing import KINDS, SUMMED, source_of
from registry.search import with_words


def count_of(kind):
    """What a column of numbers says of a roster."""
    return lambda one: one.counts.get(kind, "")


ROSTERS = (
    Column("name", gettext_lazy("檔名"), lambda one: one.name, order=("name",), width=30),
    Column("state", gettext_lazy("狀態"), lambda one: one.get_state_display(), order=("state",)),
    Column("covers", gettext_lazy("範圍"), lambda one: covers_words(one)),
    Column(
        "year", gettext_lazy("學年度"), lambda one: one.school_year, order=("school_year",), is_number=True, width=8
    ),
    Column("time", gettext_lazy("上傳"), lambda one: one.uploaded_at, order=("uploaded_at",)),
    Column("by", gettext_lazy("上傳者"), lambda one: one.uploaded_by.name if one.uploaded_by else "", is_shown=False),
    *(
        Column(kind, KINDS[kind], count_of(kind), is_number=True, width=8)
        for kind in ("new", "moved", "changed", "missing")
    ),
)
WITH_DIFFERENCES = ("moved", "changed", "arrived", "reseated")


def covers_words(roster_import):
    """Which classes a roster is about, in words."""
    if roster_import.covers == RosterImport.Covers.SCHOOL:
        return _("全校")
    return joined(roster_import.only_classes) or _("檔案裡的班級")


def rosters(request):
    """All rosters of the school, the last first."""
    imports = RosterImport.objects.filter(school=request.school).select_related("uploaded_by")
    return Listing(
        request,
        imports.defer("errors", "undo", "contents", "notices", "questions"),
        name="rosters",
        title=_("名冊"),
        columns=ROSTERS,
        filters=[Filter("state", _("狀態"), "state", RosterImport.State.choices)],
        sort="-time",
        size=20,
    )


def changes(request, roster_import, kinds):
    """Students of the kind of change that the address asks for; with nothing asked, of the first that is not plain new."""
    offered = [kind for kind, _word, _count in kinds]
    default = next((kind for kind in offered if kind != "new"), "new")
    asked = (request.POST if request.method == "POST" else request.GET).get("show", "")
    shown = asked if asked in offered else default
    source = source_of(roster_import, shown)
    seat = f"{source.prefix}seat_number"
    columns = [
        Column("class", _("班級"), lambda one: one.class_name, order=source.by_seat, width=10),
        Column("seat", _("座號"), lambda one: one.seat_number, order=[seat], is_number=True, width=8),
        Column("number", _("學號"), lambda one: one.student_number, order=[f"{source.prefix}student_number"]),
        Column("name", _("姓名"), lambda one: one.name, order=[f"{source.prefix}name"]),
    ]
    if shown in WITH_DIFFERENCES:
        columns.append(Column("differences", _("原來 → 名冊"), differences_in_words, width=60))
    by_class = f"{source.prefix}{source.class_name}"
    classes = [one[0] for one in roster_import.contents.get("classes", [])]
    filters = [
        Filter(
            "show", _("變動的種類"), lambda rows, _kind: rows, [(kind, word) for kind, word, _count in kinds],
            default=default, offers_all=False, is_links=True, counts={kind: count for kind, _word, count in kinds},
        )
    ]  # fmt: skip
    if classes:
        filters.append(Filter("class", _("班級"), by_class, [(name, name) for name in classes]))
    return Listing(
        request,
        source.rows,
        name=f"roster-{shown}",
        title=KINDS[shown],
        columns=columns,
        filters=filters,
        search=Search(_("學號或姓名"), lambda rows, text: _with_words(rows, text, source.prefix)),
        decorate=lambda rows: [source.make(one) for one in rows],
    )


def _with_words(rows, text, prefix):
    if rows.model is Student:
        return with_words(rows, text)
    by_number = rows.filter(**{f"{prefix}student_number__icontains": text})
    return by_number | rows.filter(**{f"{prefix}name__icontains": text})


def differences_in_words(entry):
    return in_a_row(f"{one.title} {one.old} → {one.new}" for one in entry.differences)


def classes(request, roster_import):
    """Of each class, how many students it has, how many the file, and what the difference is made of."""
    rows = [dict(zip(("name", *SUMMED), one, strict=True)) for one in roster_import.contents.get("classes", [])]
    words = {
        "now": _("在學"), "in_file": _("名冊"), "new": _("新增"), "coming": _("轉入、換進"), "going": _("換出"),
        "changed": _("更新"), "missing": _("未列於名冊"),
    }  # fmt: skip
    by_name = Column("name", _("班級"), lambda one: one["name"], order=lambda one: class_names.sort_key(one["name"]))
    numbers = [
        Column(key, word, itemgetter(key), order=itemgetter(key), is_number=True, width=8)
        for key, word in words.items()
    ]
    columns = [by_name, *numbers]
    return Listing(
        request, rows, name="classes", title=_("各班人數"), columns=columns, prefix="c-", size=200, kept=["show"]
    )


def compared(request, students, make):
    """Students whom one of several rosters changed."""
    columns = [
        Column(
            "class", _("班級"), lambda one: one.class_name, order=["school_class__sort_key", "seat_number"], width=10
        ),
        Column("seat", _("座號"), lambda one: one.seat_number, order=["seat_number"], is_number=True, width=8),
        Column("number", _("學號"), lambda one: one.student_number, order=["student_number"]),
        Column("name", _("姓名"), lambda one: one.name, order=["name"]),
        Column("differences", _("原來 → 之後"), differences_in_words, width=60),
    ]
    return Listing(
        request, students, name="roster-compared", title=_("比較名冊"), columns=columns, kept=["with"], decorate=make
    )
