"""Which class a sheet without a column for it is of: its name says so, or a line above its titles."""

import re

from registry import class_names
from registry.models import SchoolClass

BETWEEN = re.compile(r"[\s:：,，、()（）/／]+")
LIST = re.compile(r"(?:學生)?(?:名冊|名單|名條|座位表|基本資料|資料)$")
TOLD = re.compile(r"班\s*[級別]\s*[:：]\s*([\w\-]{1,10})")


def classes_of(roster_import):
    """The names of the classes that the school has in the roster's year."""
    classes = SchoolClass.objects.filter(school=roster_import.school_id, school_year=roster_import.school_year)
    return set(classes.values_list("name", flat=True))


def class_of_sheet(roster_import, table, classes):
    """The class of all students of a sheet: as somebody chose, else as it says itself; "" where nobody can tell."""
    above = [words for _line, words in table.above]
    return roster_import.chosen_classes.get(table.name) or class_of(table.name, above, classes)


def class_of(name, above, classes):
    """The class that a sheet's name or a line above its titles says."""
    return _in_name(name, classes) or next((one for words in above if (one := _in_banner(words, classes))), "")


def _in_name(text, classes):
    name = "".join(LIST.sub("", text.strip()).split())
    return name if name in classes or class_names.read(name) else ""


def _in_banner(text, classes):
    if told := TOLD.search(text):
        return told[1]
    for word in BETWEEN.split(text):
        name = LIST.sub("", word)
        if name in classes or ("年" in name or "班" in name) and class_names.read(name):
            return name
    return ""
