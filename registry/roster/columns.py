"""Which columns a roster has, what each is called to people, and how schools write their titles."""

from django.utils.translation import gettext_lazy

from core.languages import joined
from core.spreadsheets import Titles
from registry.models import Guardian

IDENTITY_NUMBER = [
    f"{word}{number}"
    for word in ("身分證", "身份證", "身分證明")
    for number in ("字號", "統一編號", "號", "號碼", "統編", "")
] + ["證號", "統一證號", "居留證號"]
# What a column is called here -> what schools write above it.
HEADERS = {
    "class_name": [
        "班級",
        "班別",
        "班名",
        "班級名稱",
        "年班",
        "就讀班級",
        "所屬班級",
        "目前班級",
        "學生班級",
        "class",
        "class_name",
    ],
    "seat_number": ["座號", "號碼", "座位號碼", "班級座號", "學生座號", "seat", "seat_no", "seat_number"],
    "student_number": ["學號", "學生學號", "學生編號", "student_number", "student_no", "student_id"],
    "name": ["姓名", "學生姓名", "學生名字", "中文姓名", "學生", "name", "student_name"],
    "identity_number": [*IDENTITY_NUMBER, *(f"學生{one}" for one in IDENTITY_NUMBER), "national_id"],
    "birth_on": [
        "出生日期",
        "生日",
        "出生年月日",
        "出生日",
        "學生生日",
        "出生",
        "學生出生日期",
        "birth_date",
        "birthday",
        "date_of_birth",
    ],
    "homeroom_account": ["導師帳號", "homeroom_account"],
    "homeroom_name": ["導師姓名", "導師", "班導師", "級任導師", "homeroom_name"],
    "homeroom_contact": ["導師聯絡方式", "導師電話", "homeroom_contact"],
}
# Beside a class that is only counted within its grade: 年級 1, 班級 10.
GRADE = "grade"
GRADE_TITLES = ["年級", "就讀年級", "年級別", "grade"]
TITLES = {
    GRADE: gettext_lazy("年級"),
    "class_name": gettext_lazy("班級"),
    "seat_number": gettext_lazy("座號"),
    "student_number": gettext_lazy("學號"),
    "name": gettext_lazy("姓名"),
    "identity_number": gettext_lazy("身分證字號"),
    "birth_on": gettext_lazy("出生日期"),
    "homeroom_account": gettext_lazy("導師帳號"),
    "homeroom_name": gettext_lazy("導師姓名"),
    "homeroom_contact": gettext_lazy("導師聯絡方式"),
}
# Of each guardian on record: 監護人1姓名, 監護人1關係 and so on, or guardian1_name; without a number it is the first.
GUARDIAN_HEADERS = {
    "name": ["姓名", "name"],
    "relationship": ["關係", "稱謂", "與學生關係", "relationship"],
    "identity_number": [*IDENTITY_NUMBER, "national_id"],
    "mobile": ["手機", "手機號碼", "行動電話", "mobile"],
    "email": ["電子郵件", "電子信箱", "email"],
}
GUARDIAN_TITLES = {
    "name": gettext_lazy("監護人%(number)d姓名"),
    "relationship": gettext_lazy("監護人%(number)d關係"),
    "identity_number": gettext_lazy("監護人%(number)d身分證字號"),
    "mobile": gettext_lazy("監護人%(number)d手機"),
    "email": gettext_lazy("監護人%(number)d電子郵件"),
}
NUMBERS = range(1, Guardian.MAXIMUM + 1)
GUARDIAN_COLUMNS = [f"guardian{number}_{part}" for number in NUMBERS for part in GUARDIAN_HEADERS]
# Read where no column is surely the mobile number: a telephone may be any.
GUARDIAN_TELEPHONE = ["電話", "聯絡電話", "連絡電話", "電話號碼", "phone", "telephone"]


def _aliases(parts):
    """{what people write: column} of the guardians' columns."""
    return {
        prefix.format(number) + alias: f"guardian{number}_{part}"
        for number in [*NUMBERS, ""]
        for part, aliases in parts.items()
        for alias in aliases
        for prefix in ("監護人{}", "家長{}", "guardian{}_")
    }


def _with_first(aliases):
    """監護人姓名 is 監護人1姓名."""
    return {alias: column.replace("guardian_", "guardian1_") for alias, column in aliases.items()}


ALIASES = _with_first(
    {alias: column for column, aliases in HEADERS.items() for alias in aliases}
    | dict.fromkeys(GRADE_TITLES, GRADE)
    | _aliases(GUARDIAN_HEADERS)
)
OPTIONAL = {GRADE, "homeroom_account", "homeroom_name", "homeroom_contact", *GUARDIAN_COLUMNS}
REQUIRED = [column for column in HEADERS if column not in OPTIONAL]
CHOICES = [GRADE, *HEADERS, *GUARDIAN_COLUMNS]
STUDENTS_OWN = {"seat_number", "student_number", "name", "identity_number", "birth_on"}


def title_of(column):
    """What a column is called to people."""
    if column in TITLES:
        return str(TITLES[column])
    number, _underscore, part = column.removeprefix("guardian").partition("_")
    return GUARDIAN_TITLES[part] % {"number": int(number)}


def titles(columns):
    return joined(title_of(column) for column in columns)


KNOWN = Titles(ALIASES, title_of)
MAYBE = Titles(_with_first(_aliases({"mobile": GUARDIAN_TELEPHONE})), title_of)


def is_enough(columns):
    """Whether titles are those of a list of students, and not of their teachers or of a sum by class."""
    return len(columns) >= 3 and len(STUDENTS_OWN.intersection(columns)) >= 2
