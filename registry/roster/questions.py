"""What a roster may mean in two ways: asked before it is written, one answer a kind."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median_low

from django.db import models
from django.db.models import Count, Max, Min
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import roc_short
from core.languages import bracketed, joined
from core.school_year import ROC_OFFSET
from core.spreadsheets import RowError
from registry import class_names, homeroom
from registry.models import HomeroomDuty, RosterImport, Student
from registry.roster.columns import title_of
from registry.roster.findings import Places
from registry.roster.missing import gaps_of

AGES = range(5, 26)  # on the first of September, from the first grade to a last one repeated often
OLDER_THAN_CLASS = 4  # years
MAX_PLACES = 200  # of one kind are kept to be looked at
ENOUGH_FOR_A_MIDDLE = 3  # students


class Question(models.TextChoices):
    """The kinds of questions; the label stands beside the box that answers all places of a kind."""

    BIRTH_YEAR = "birth_year", gettext_lazy("出生日期都正確，照檔案匯入")
    BIRTH_TIME = "birth_time", gettext_lazy("出生日期照下面寫的日子匯入")
    BIRTH_SERIAL = "birth_serial", gettext_lazy("出生日期照下面寫的日子匯入（由 Excel 的日期數字換算）")
    ZEROS = "zeros", gettext_lazy("學號沒有少掉開頭的 0，照檔案匯入")
    SHEET_CLASS = "sheet_class", gettext_lazy("沒有班級欄的工作表，學生的班級照下面寫的")
    CLASS_LIKE = "class_like", gettext_lazy("這些是另外的班級，照檔案匯入")
    CLASS_TWICE = "class_twice", gettext_lazy("檔案裡這些名稱是不同的班級，照檔案匯入")
    WITHOUT_NUMBER = ("without_number", gettext_lazy("這些學生先不登錄證號；家長暫時無法登入，之後到「學生」補登"))
    TWO_TEACHERS = "two_teachers", gettext_lazy("這些班級有兩位導師，兩位都能審核")
    TEACHER_EMAIL = "teacher_email", gettext_lazy("導師帳號照下面寫的登記")
    MANY_MISSING = "many_missing", gettext_lazy("這些學生確實不在名冊裡，匯入後再到「異動」處理")
    OUTSIDE = "outside", gettext_lazy("這些學生也要匯入（班級不在選定的範圍裡）")
    NEW_NUMBER = "new_number", gettext_lazy("這些學生改用新的學號")
    SEAT_GIVEN = "seat_given", gettext_lazy("座號讓給名冊上的學生")
    NO_TEACHER = "no_teacher", gettext_lazy("這些班級先不指派導師，匯入後到「班級」指派")


@dataclass(frozen=True)
class Asked:
    """A question of a roster: its kind, the words beside its box, how many places, the first of them (RowError)."""

    kind: str
    label: str
    count: int
    places: list


def questions_of(roster_import):
    """The questions (Asked) that have to be answered before the roster is written."""
    return tuple(
        Asked(kind, str(Question(kind).label), count, [RowError(*one) for one in places])
        for kind, (count, places) in roster_import.questions.items()
    )


def kept_questions(questions, locate):
    """{kind: [how many places, the first ones as lists]}, as JSON keeps `questions` {kind: [RowError]}."""
    in_order = {kind: sorted(places, key=lambda one: one.line) for kind, places in questions.items()}
    return {
        kind: [len(places), [locate(place).as_list() for place in places[:MAX_PLACES]]]
        for kind, places in in_order.items()
    }


def usual_age(day, school_year):
    """Whether somebody born on `day` may be a student in this school year (ROC)."""
    return age_in(day, school_year) in AGES


def age_in(day, school_year):
    """Years of age on the first of September of a school year (ROC)."""
    first = date(school_year + ROC_OFFSET, 9, 1)
    return first.year - day.year - ((day.month, day.day) > (first.month, first.day))


def find_questions(roster_import):
    """(kind, RowError) of what only shows in the rows together and beside the registry."""
    yield from _strange_ages(roster_import)
    yield from _lost_zeros(roster_import)
    yield from _classes_twice(roster_import)
    yield from _gaps(roster_import)
    yield from _outside(roster_import)
    yield from _teachers(roster_import)


def birth_year_words(day, school_year):
    """Why a birthday is asked about, for who looks at it."""
    words = _("%(age)d 歲，不像這個學年的學生，請核對出生年。") % {"age": age_in(day, school_year)}
    century, short = divmod(day.year, 100)
    if century == 19:
        meant = date(short + ROC_OFFSET, day.month, min(day.day, 28))
        if usual_age(meant, school_year):
            words += _("可能是民國 %(roc)d 年（%(year)d 年）被 Excel 當成西元 %(wrong)d 年。") % {
                "roc": short, "year": meant.year, "wrong": day.year,
            }  # fmt: skip
    return words


def _strange_ages(roster_import):
    """Ages that no student has, and who is years older or younger than the class."""
    rows = roster_import.rows.order_by("class_name", "line")
    classes: dict[str, list] = {}
    for name, line, day, student in rows.values_list("class_name", "line", "birth_on", "name"):
        classes.setdefault(name, []).append((line, day, student))
    for places in classes.values():
        usual = [day.year for _line, day, _student in places if usual_age(day, roster_import.school_year)]
        middle = median_low(usual) if len(usual) >= ENOUGH_FOR_A_MIDDLE else None
        for line, day, student in places:
            column, shown = title_of("birth_on"), roc_short(day) + bracketed(day.isoformat())
            if not usual_age(day, roster_import.school_year):
                reason = birth_year_words(day, roster_import.school_year)
                yield Question.BIRTH_YEAR, RowError(line, column, reason, shown, student)
            elif middle is not None and abs(day.year - middle) >= OLDER_THAN_CLASS:
                reason = _("和同班同學差 %(years)d 歲，請核對出生年。") % {"years": abs(day.year - middle)}
                yield Question.BIRTH_YEAR, RowError(line, column, reason, shown, student)


def _lost_zeros(roster_import):
    """Student numbers of digits that are shorter than the school's others: a spreadsheet may have dropped zeros."""
    new = roster_import.rows.filter(student=None, student_number__regex=r"^[0-9]+$").order_by("line")
    numbers = list(new.values_list("line", "student_number", "name"))
    known = Student.objects.filter(school=roster_import.school_id, student_number__regex=r"^[0-9]+$")
    lengths = known.annotate(digits=Length("student_number")).order_by()
    usual = Counter(dict(lengths.values_list("digits").annotate(times=Count("pk"))))
    usual.update(len(number) for _line, number, _name in numbers)
    if not usual:
        return
    most, _times = usual.most_common(1)[0]
    zeros = known.filter(student_number__startswith="0").annotate(digits=Length("student_number"))
    most = max(most, zeros.aggregate(longest=Max("digits"))["longest"] or 0)
    most = max([most, *(len(number) for _line, number, _name in numbers if number.startswith("0"))])
    for line, number, name in numbers:
        if len(number) < most:
            reason = _(
                "比本校其他學號少 %(count)d 位數，開頭的 0 可能被 Excel 去掉了（是 %(whole)s 嗎？）。"
                "若是，請把學號欄改成文字格式再上傳。"
            ) % {"count": most - len(number), "whole": number.zfill(most)}
            yield Question.ZEROS, RowError(line, title_of("student_number"), reason, number, name)


def _classes_twice(roster_import):
    """Two names in the file that are, or may be, one class: 1年1班 and 一年一班."""
    firsts = roster_import.rows.order_by().values_list("class_name").annotate(first=Min("line"))
    lines = dict(firsts)
    known = sorted((one for name in lines if (one := class_names.read(name))), key=lambda one: str(one.key))
    for one, other in pairwise(known):
        if one.key == other.key:
            later, earlier = sorted((one.name, other.name), key=lines.__getitem__, reverse=True)
            reason = _("和%(place)s的「%(name)s」可能是同一班，請核對。")
            words = reason % {"place": Places.of(roster_import).words(lines[earlier]), "name": earlier}
            yield Question.CLASS_TWICE, RowError(lines[later], title_of("class_name"), words, later)


def _gaps(roster_import):
    """More than a tenth missing is a file of a part of the school more often than so many who left."""
    for gap in gaps_of(roster_import):
        facts = {"name": gap.class_name, "all": gap.enrolled, "count": gap.missing, "percent": gap.percent}
        if gap.class_name:
            reason = _("%(name)s 班在學 %(all)d 人，名冊中沒有其中 %(count)d 人（%(percent)d%%）。") % facts
        else:
            reason = _("全校在學 %(all)d 人，名冊中沒有其中 %(count)d 人（%(percent)d%%）。") % facts
        yield Question.MANY_MISSING, RowError(0, title_of("class_name"), reason, gap.class_name)


def _outside(roster_import):
    """Rows of classes that the roster is not about, where somebody said which it is about."""
    if roster_import.covers == RosterImport.Covers.SCHOOL or not roster_import.only_classes:
        return
    rows = roster_import.rows.exclude(class_name__in=roster_import.only_classes).order_by("line")
    for line, name, student in rows.values_list("line", "class_name", "name"):
        yield Question.OUTSIDE, RowError(line, title_of("class_name"), _("這個班級不在選定的範圍裡。"), name, student)


def _teachers(roster_import):
    """Classes for which the rows name two teachers one by one, and new ones for which they name none."""
    teachers = homerooms_named(roster_import)
    taught = HomeroomDuty.objects.today().filter(
        school_class__school=roster_import.school_id, school_class__school_year=roster_import.school_year
    )
    taught_names = set(taught.values_list("school_class__name", flat=True))
    for name, named in teachers.items():
        if len(named.accounts) == 2 and not named.together:
            reason = _("%(name)s 班的列寫了兩個導師帳號：%(accounts)s。") % {
                "name": name, "accounts": joined(named.accounts),
            }  # fmt: skip
            yield Question.TWO_TEACHERS, RowError(named.line, title_of("homeroom_account"), reason, name)
        elif not named.accounts and name not in taught_names:
            reason = _("%(name)s 班還沒有導師，檔案裡也沒有寫。") % {"name": name}
            yield Question.NO_TEACHER, RowError(named.line, title_of("homeroom_account"), reason, name)


class Named:
    """Homeroom teachers that the rows of a class name: {account: name}, those of most rows first."""

    def __init__(self):
        self.accounts, self.contact, self.line, self.together = {}, "", 0, False

    def add(self, row):
        accounts = split_teachers(row["homeroom_account"])
        names = split_teachers(row["homeroom_name"])
        if len(accounts) < 2 <= len(names):
            names = [row["homeroom_name"]]
        self.together = self.together or len(accounts) > 1
        for place, account in enumerate(accounts):
            name = names[place] if place < len(names) else ""
            self.accounts[account] = self.accounts.get(account) or name
        self.contact = self.contact or row["homeroom_contact"]
        self.line = min(self.line or row["first"], row["first"])


def homerooms_named(roster_import):
    """{class name: Named} of the rows that wait, in the order of the file."""
    columns = ("class_name", "homeroom_account", "homeroom_name", "homeroom_contact")
    rows = roster_import.rows.order_by().values(*columns).annotate(times=Count("pk"), first=Min("line"))
    found: dict[str, Named] = {}
    for row in rows.order_by("-times", "first"):
        found.setdefault(row["class_name"], Named()).add(row)
    return dict(sorted(found.items(), key=lambda one: one[1].line))


def split_teachers(text):
    return [part for part in text.split(homeroom.BETWEEN) if part]
