"""The census of a school by class and grade, and of the city by school, as the pages and the exports show it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.compiled import compiled
from registry import class_names
from registry.models import School, SchoolClass, Student
from review.census.chart import bars_of
from review.census.columns import FIGURES
from review.census.kept import count_schools, recent_count, tallies_in
from review.census.tallies import DIFFERS, Tally, answers, bound, reviews, slow_and_late, together, with_answer

BY_NAME, BY_SHARE, BY_WAITING = "name", "share", "waiting"
OTHER = "other"
BY_CLASS = "school_class"


@dataclass(frozen=True)
class Figure:
    kind: str
    word: str
    value: int | None


@dataclass(frozen=True)
class Line:
    """One class, grade or school. `key`: of the class or school; `label`: the name where room is short."""

    name: str
    tally: Tally
    key: int | None = None
    grade: str = ""
    label: str = ""

    @property
    def figures(self):
        return [Figure(kind, str(word), getattr(self.tally, kind)) for kind, word in FIGURES]


def in_order(lines, order):
    """The least answered first, or the longest waiting first; else as they stand."""
    if order == BY_SHARE:
        return sorted(lines, key=attrgetter("tally.share"))
    if order == BY_WAITING:
        return sorted(lines, key=lambda line: line.tally.oldest_days or 0, reverse=True)
    return list(lines)


@dataclass(frozen=True)
class SchoolCensus:
    """`classes` are those of the chosen grade, in the chosen order; all else is of the whole school."""

    school: School
    total: Tally
    grades: list[Line]
    classes: list[Line]
    grade: str = ""
    order: str = BY_NAME

    @classmethod
    def of(cls, school, *, grade="", order=BY_NAME):
        """Four queries, whatever the number of classes; those without students are left out."""
        tallies = class_tallies(school)
        names = dict(_class_names(school=school.pk))
        classes = [Line(names[pk], tally, key=pk, grade=grade_key(names[pk])) for pk, tally in tallies.items()]
        classes.sort(key=lambda line: (line.grade == OTHER, class_names.sort_key(line.name), line.name))
        grades = [
            Line(grade_word(key), Tally.total(one.tally for one in classes if one.grade == key), grade=key)
            for key in dict.fromkeys(line.grade for line in classes)
        ]
        chosen = [line for line in classes if line.grade == grade]
        return cls(
            school=school,
            total=Tally.total(line.tally for line in classes),
            grades=grades,
            classes=in_order(chosen or classes, order),
            grade=grade if chosen else "",
            order=order if order in dict(SCHOOL_ORDERS) else BY_NAME,
        )

    @property
    def title(self):
        return _("%(year)d 學年度親子綁定統計") % {"year": self.school.school_year}

    @property
    def charts(self):
        """The classes of each grade; all at once where their order runs through the grades."""
        if self.order != BY_NAME:
            return [bars_of(_("各班"), self.classes)]
        return [
            bars_of(one.name, classes)
            for one in self.grades
            if (classes := [line for line in self.classes if line.grade == one.grade])
        ]

    @property
    def tables(self):
        """(title, what a line is, lines)"""
        by_grade = (_("各年級"), _("年級"), self.grades)
        return [by_grade, (_("各班"), _("班級"), self.classes)] if self.classes else []


@dataclass(frozen=True)
class CityCensus:
    total: Tally
    schools: list[Line]
    counted_at: datetime
    order: str = BY_NAME

    school = None
    title = gettext_lazy("全市親子綁定統計")

    @classmethod
    def of(cls, *, order=BY_NAME):
        """Counted this moment: four queries, whatever the number of schools."""
        return cls._of(timezone.now(), count_schools(), order)

    @classmethod
    def recent(cls, *, order=BY_NAME):
        """As it was counted a few minutes ago at most: one query that costs next to nothing."""
        count = recent_count()
        if not hasattr(count, "census"):
            count.census = cls._of(count.counted_at, tallies_in(count), BY_NAME)
        order = order if order in dict(CITY_ORDERS) else BY_NAME
        return replace(count.census, schools=in_order(count.census.schools, order), order=order)

    @classmethod
    def _of(cls, counted_at, tallies, order):
        """A school without a roster shows as such."""
        schools = [
            Line(name, tallies.get(pk, Tally()), key=pk, label=short_name)
            for pk, name, short_name in School.objects.active().values_list("pk", "name", "short_name")
        ]
        return cls(
            total=Tally.total(line.tally for line in schools),
            schools=in_order(schools, order),
            counted_at=counted_at,
            order=order if order in dict(CITY_ORDERS) else BY_NAME,
        )

    @property
    def charts(self):
        return [bars_of(_("各校"), self.schools)]

    @property
    def tables(self):
        return [(_("各校"), _("學校"), self.schools)]


def students_of(school):
    """The school is said of the classes too: the database looks at these alone, not at those of the whole city."""
    return Student.objects.of_this_year().filter(school=school, school_class__school=school)


def class_tallies(school):
    """{key of a class: its Tally}, of those with students: as `tallies_of`; three queries."""
    slow, late = slow_and_late()
    return together(
        BY_CLASS,
        _answers(school=school.pk),
        _bound(school=school.pk, on=timezone.localdate()),
        _reviews(school=school.pk, slow=slow, late=late),
    )


@compiled(school=int)
def _answers(school):
    return answers(students_of(school), BY_CLASS)


@compiled(school=int, on=date)
def _bound(school, on):
    return bound(students_of(school), BY_CLASS, on)


@compiled(school=int, slow=datetime, late=datetime)
def _reviews(school, slow, late):
    return reviews(students_of(school), BY_CLASS, slow, late)


@compiled(school=int)
def _class_names(school):
    return SchoolClass.objects.current().filter(school=school).order_by().values_list("pk", "name")


def mismatches_of(school):
    """Students whose paper form says another thing than the answer online, in seating order."""
    students = with_answer(students_of(school)).filter(DIFFERS)
    return students.select_related("school_class", "paper_form").in_seating_order()


def grade_key(class_name):
    known = class_names.read(class_name)
    return str(known.year or known.grade) if known else OTHER


def grade_word(key):
    return _("其他班級") if key == OTHER else _("%(grade)s 年級") % {"grade": key}


SCHOOL_ORDERS = [
    (BY_NAME, gettext_lazy("依班級")),
    (BY_SHARE, gettext_lazy("回覆率低的在前")),
    (BY_WAITING, gettext_lazy("等最久的在前")),
]
CITY_ORDERS = [(BY_NAME, gettext_lazy("依學校代碼")), *SCHOOL_ORDERS[1:]]


def in_words(tally):
    """The state of things in one sentence."""
    if not tally.families:
        return _("還沒有可以統計的學生：請先匯入本學年度的名冊。")
    figures = {
        "families": tally.families,
        "answered": tally.answered,
        "percent": tally.percent,
        "silent": tally.silent,
        "waiting": tally.waiting,
        "days": tally.oldest_days,
        "mismatches": tally.mismatches,
        "papers": tally.papers,
    }
    parts = [
        _("%(families)d 個家庭都已回覆意願") % figures
        if not tally.silent
        else _("%(families)d 個家庭中，%(answered)d 個已回覆意願（%(percent)d%%），還有 %(silent)d 個沒有回覆")
        % figures
    ]
    if tally.mismatches:
        words = ngettext(
            "%(mismatches)d 個家庭的紙本與線上不同", "%(mismatches)d 個家庭的紙本與線上不同", tally.mismatches
        )
        parts.append(words % figures)
    if tally.papers:
        words = ngettext("學校已收 %(papers)d 份申請書", "學校已收 %(papers)d 份申請書", tally.papers)
        parts.append(words % figures)
    if not tally.waiting:
        parts.append(_("沒有申請在等待審核"))
    elif not tally.oldest_days:
        words = ngettext(
            "%(waiting)d 份申請等待審核，都是今天送出的", "%(waiting)d 份申請等待審核，都是今天送出的", tally.waiting
        )
        parts.append(words % figures)
    else:
        words = ngettext(
            "%(waiting)d 份申請等待審核，最久的已等 %(days)d 天",
            "%(waiting)d 份申請等待審核，最久的已等 %(days)d 天",
            tally.waiting,
        )
        parts.append(words % figures)
    return _("%(state)s。") % {"state": _("；").join(parts)}
