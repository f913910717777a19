"""Whose line it is: the school's students by number, or by class and seat; a name that differs is an error."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import names
from core.spreadsheets import place_of, refuse_broken
from registry.models import Student


class Students:
    """The students of a school, each of whom may stand on one line."""

    def __init__(self, school):
        students = Student.objects.filter(school=school).select_related("school_class", "school")
        self.by_number = {one.student_number.upper(): one for one in students}
        self.by_seat = {
            (class_key(one.school_class.name), one.seat_number): one
            for one in self.by_number.values()
            if one.status == Student.Status.ENROLLED and one.school_class.school_year == one.school.school_year
        }
        self.seen: dict[int, str] = {}

    def find(self, cells, *, sheet, line):
        """(the student or None, [(column, what is wrong)]) of a line: cells by number, class, seat and name."""
        if broken := [(column, str(cell.reason)) for column, cell in cells.items() if is_broken(cell)]:
            return None, broken
        column, student = self._look_up(cells)
        if student is None:
            words = _("本校沒有這個學生。") if cells.get(column) else _("請填學號，或班級和座號。")
            return None, [(column, words)]
        wrong = list(self._contradictions(cells, column, student))
        place = place_of(line, sheet=sheet)
        first = self.seen.setdefault(student.pk, place)
        if first != place:
            wrong.append((column, _("和%(place)s是同一個學生。") % {"place": first}))
        return student, wrong

    def _look_up(self, cells):
        """(the column that is to be looked at, the student or None)"""
        if number := cells.get("number"):
            return "number", self.by_number.get(number.upper())
        seat = cells.get("seat", "")
        if cells.get("class") and seat.isascii() and seat.isdigit():
            return "seat", self.by_seat.get((class_key(cells["class"]), int(seat)))
        return ("number" if "number" in cells else "seat"), None

    @staticmethod
    def _contradictions(cells, column, student):
        if student.status != Student.Status.ENROLLED:
            words = _("這個學生目前是「%(status)s」，不能開繳費單。")
            yield column, words % {"status": student.get_status_display()}
        name = cells.get("name")
        if name and names.fold(name) != names.fold(student.name):
            yield "name", _("姓名和學籍資料不同，請確認是不是同一個學生。")
        if column != "number":
            return
        if cells.get("class") and class_key(cells["class"]) != class_key(student.school_class.name):
            words = _("這個學生現在在 %(name)s 班。")
            yield "class", words % {"name": student.school_class.name}


def is_broken(cell):
    try:
        refuse_broken(cell)
    except ValidationError:
        return True
    return False


def class_key(name):
    """301, 301班 and 3 01 are one class."""
    return "".join(name.split()).removesuffix("班").casefold()
