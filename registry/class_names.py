"""Class names as schools write them (301, 1年1班, 七年一班, 國一1班, 高二忠班): which grade, which class of it, what comes next.

Sources: names seen in rosters of Taiwanese schools; 國一 is grade 7 and 高一 grade 10 of the twelve years (十二年國教).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

DIGITS = "一二三四五六七八九"
NUMERAL = rf"\d{{1,2}}|[{DIGITS}]?十[{DIGITS}]?|[{DIGITS}]"
# Rows of characters that count classes, each from its first.
SERIES = (
    "忠孝仁愛信義和平",
    "甲乙丙丁戊己庚辛壬癸",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "禮智誠正勤樸公勇毅真善美敬業樂群廉恥",
)
COUNTING = "".join(SERIES)
# What stands before the grade where it counts from the first year of a school -> how many years came before.
STAGES = {"小": 0, "國小": 0, "國": 6, "國中": 6, "初": 6, "初中": 6, "高": 9, "高中": 9, "高職": 9, "職": 9}
YEARS = {0: 6, 6: 3, 9: 3}
LAST_GRADES = (3, 6, 9, 12)
WORD = rf"(?:(?![{DIGITS}十])[^\W\d_])"
SHAPES = [
    re.compile(pattern)
    for pattern in (
        # 301, 1001, 110班
        r"(?P<prefix>)(?P<grade>\d|1[0-2])(?P<label>\d\d)班?",
        # 1年1班, 七年級忠班, 國中一年2班, 1-10
        rf"(?P<prefix>{WORD}{{0,6}})(?P<grade>{NUMERAL})(?:年級?|級|-)(?P<label>{NUMERAL}|{WORD}{{1,4}}?)班?",
        # 國一1班, 高2忠班
        rf"(?P<prefix>{'|'.join(sorted(STAGES, key=len, reverse=True))})(?P<grade>[{DIGITS}\d])"
        rf"(?P<label>{NUMERAL}|[{COUNTING}])班?",
        # 一忠, 資二甲, 一1
        rf"(?P<prefix>(?!第){WORD}{{0,4}})(?P<grade>[{DIGITS}])(?P<label>\d{{1,2}}|[{COUNTING}])班?",
        # 1忠, 3A
        rf"(?P<prefix>)(?P<grade>\d)(?P<label>[{COUNTING}])班?",
    )
]


@dataclass(frozen=True)
class ClassName:
    """A name that was read: what stands before the grade (國, 資), the grade as written, which class of it.

    `label` is a number in digits without zeros, or the word itself; `grade_at` is where in the name the grade stands.
    """

    name: str
    prefix: str
    grade: int
    label: str
    grade_at: tuple[int, int]

    @property
    def year(self):
        """The grade counted through twelve years, None where it may be of several schools (1年1班)."""
        if self.prefix in STAGES:
            before = STAGES[self.prefix]
            return self.grade + before if self.grade <= YEARS[before] else self.grade
        return self.grade if not self.prefix and self.grade > 6 else None

    @property
    def key(self):
        """Equal for names that are one class for certain: 110, 110班, 一年十班, 1-10; 701 and 國一1班."""
        return ("", self.year, self.label) if self.year else (f"{self.prefix}?", self.grade, self.label)

    def may_be(self, other):
        """Whether both may be one class in two ways of naming: 101 and 國一1班, 201 and 高二忠班."""
        one_school = (
            not (self.prefix and other.prefix) or self.prefix == other.prefix or self.year and self.year == other.year
        )
        return one_school and bool(self._years & other._years) and _count(self.label) == _count(other.label)

    @property
    def _years(self):
        if self.year:
            return {self.year}
        return {self.grade, *([self.grade + 6, self.grade + 9] if self.grade <= 3 else [])}

    @property
    def is_last(self):
        """Whether the stage that is written ends with this grade: 國三, 高三, 小六."""
        before = STAGES.get(self.prefix)
        return before is not None and (self.year or 0) >= before + YEARS[before]

    @property
    def next(self):
        """The same class a grade on, written in the same way: 1年1班 -> 2年1班."""
        start, end = self.grade_at
        grade = self.grade + 1
        written = str(grade) if self.name[start].isdigit() else _numeral(grade)
        return self.name[:start] + written + self.name[end:]


@lru_cache(maxsize=4096)
def read(name):
    """A ClassName, or None where no grade can be read (忠, 特教班)."""
    for shape in SHAPES:
        found = shape.fullmatch(name)
        if found and 1 <= (grade := _number(found["grade"])) <= 12:
            label = found["label"]
            number = _number(label)
            return ClassName(
                name, found["prefix"], grade, label if number is None else str(number), found.span("grade")
            )
    return None


@lru_cache(maxsize=4096)
def sort_key(name):
    """ASCII letters and digits that sort class names as people do, in any database: 1年2班 before 1年10班, 一 二 三, 忠 孝."""
    if known := read(name):
        prefix = "" if known.prefix in STAGES else _tokens(known.prefix)
        return f"0{known.year or known.grade:02d}{prefix}{_tokens(known.label)}"[:80]
    return f"9{_tokens(name)}"[:80]


def similar(name, names):
    """The `names` that may be the same class as `name` in another way of naming, in their order."""
    written = read(name)
    known = [one for other in names if written and (one := read(other))]
    return in_order(one.name for one in known if one.key == written.key or one.may_be(written))


def in_order(names):
    return sorted(names, key=lambda name: (sort_key(name), name))


def _tokens(text):
    return "".join(map(_token, re.findall(rf"\d+|{NUMERAL}|.", text)))


def _token(part):
    if (number := _number(part)) is not None:
        return f"0{number:05d}"
    for row, series in enumerate(SERIES):
        if part in series:
            return f"1{row}{series.index(part):04d}"
    return f"2{ord(part[0]):05x}"


def _count(label):
    """1 for 1, 忠, 甲 and A; the word itself where it does not count."""
    if label.isdecimal():
        return int(label)
    return next((series.index(label) + 1 for series in SERIES[:3] if label in series), label)


def _number(text):
    """What digits or Chinese numerals below a hundred say, else None."""
    if re.fullmatch(r"\d+", text):
        return int(text)
    if not re.fullmatch(NUMERAL, text):
        return None
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS.index(text) + 1
    return (DIGITS.index(tens) + 1 if tens else 1) * 10 + (DIGITS.index(ones) + 1 if ones else 0)


def _numeral(number):
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (DIGITS[ones - 1] if ones else "")
