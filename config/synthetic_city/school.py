"""One school: its roster goes through the real import, its staff share one password."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffRole, User
from config.synthetic_city.earlier import days_ago
from config.synthetic_city.people import LEVELS, PLACES
from core.school_year import ROC_OFFSET
from registry.levels import DISTRICTS
from registry.models import HomeroomDuty, School
from registry.roles import AccountKind, Role
from registry.roster import import_roster

HEADER = (
    "班級,座號,學號,姓名,身分證字號,出生日期,導師帳號,導師姓名,導師聯絡方式,"
    "監護人1姓名,監護人1關係,監護人1身分證字號,監護人1手機,監護人1電子郵件"
)
ROSTER_DAYS = 280
OFFICES = {
    "registrar": Role.REGISTRAR,
    "helpdesk": Role.HELPDESK,
    "cashier": Role.CASHIER,
    "principal": Role.PRINCIPAL,
    "schooladmin": Role.SCHOOL_ADMIN,
}


def facts_of(number, level):
    """What the city's `number`-th school is called; `level` is one of `LEVELS`."""
    place = PLACES[number * 2 % len(PLACES) :][:2]
    return {
        "slug": f"synthetic-{number}",
        "code": f"9{number:05d}",
        "name": f"臺北市立{place}第{number}{level}",
        "short_name": f"{place}{number}",
        "district": DISTRICTS[number % len(DISTRICTS)][0],
    }


def make_school(number, people, *, students, class_size, password):
    """The `number`-th school of the city with its roster and staff."""
    level, grades = LEVELS[number % len(LEVELS)]
    school = School.objects.create(
        **facts_of(number, level),
        helpdesk_phone="2321-0000 分機 255",
        registrar_phone="2321-0000 分機 222",
        cashier_phone="2321-0000 分機 235",
        binding_deadline=timezone.localdate() + timedelta(days=14),
    )
    data = roster(school, people, students=students, class_size=class_size, grades=grades)
    with days_ago(ROSTER_DAYS):
        result = import_roster(school=school, data=data, name="synthetic.csv")
    if result.errors:
        raise ValueError(f"{school.slug}: {result.errors[0]}")
    make_staff(school, people, password)
    return school


def roster(school, people, *, students, class_size, grades):
    """The bytes of a roster: classes of `class_size`, spread over the grades."""
    lines = [HEADER]
    classes = -(-students // class_size)
    teachers = [people.name() for _ in range(classes)]
    for index in range(students):
        class_index, seat = divmod(index, class_size)
        grade = class_index * grades // classes + 1
        name = f"{grade}{class_index + 1:02d}" if classes < 100 else f"{grade}-{class_index + 1:03d}"
        lines.append(",".join(student(school, people, name, seat + 1, index, grade, teachers[class_index])))
    return "\n".join([*lines, ""]).encode()


def student(school, people, class_name, seat, index, grade, teacher):
    entered = school.school_year - grade + 1
    guardian = people.name()
    return [
        class_name,
        str(seat),
        f"{entered}{index:05d}",
        people.name(),
        people.identity_number(),
        people.birthday(entered + ROC_OFFSET - 12),
        f"t{class_name}",
        teacher,
        f"2321-0000 分機 {300 + index % 90}",
        guardian,
        "父母",
        people.identity_number(),
        people.mobile(),
        f"guardian-{school.slug}-{index}@example.com",
    ]


@transaction.atomic
def make_staff(school, people, password):
    """An account for every homeroom teacher and every office; `password` in its stored form, one for all: no secret."""
    duties = HomeroomDuty.objects.filter(school_class__school=school).order_by("account")
    named = {duty.account: (duty.name, Role.HOMEROOM_TEACHER) for duty in duties}
    named |= {account: (people.name(), role) for account, role in OFFICES.items()}
    users = [
        User(
            kind=AccountKind.STAFF,
            school=school,
            account=account,
            username=f"{school.slug}/{account}",
            name=name,
            password=password,
        )
        for account, (name, _role) in named.items()
    ]
    User.objects.bulk_create(users)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=named[user.account][1]) for user in users)
