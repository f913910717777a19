"""The people that everything is measured with; made once a run, then copied with the database.

`bench` is a school of 350: its first class has a family at every stage, its second waits to be approved at once, other
classes have three families each, and one parent has five children with bills of six years. `large` has 3,000 students,
each with a parent who is bound; those are rows, not steps that families took.
"""

from datetime import date, timedelta
from typing import Any

PASSWORD = "a quiet river in spring"  # noqa: S105 – that of the tests' people
SIZE, CLASSES = 35, 10
LARGE = 3000
STAGES = [
    "untouched", "logged_in", "confirmed", "declined", "paper_only", "draft", "sent", "sent_two", "sent_guardian",
    "ready", "mismatch", "returned", "rejected", "approved", "approved_two",
]  # fmt: skip
SURNAMES, FIRSTS, LASTS = (
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪",
    "品宥承宇柏彥冠家睿思詠書芯采詩",
    "恩妤翔叡廷安希晴涵霖蓉庭瑄",
)
PARENT = {"identity_number": "E190000011", "email": "five@example.com"}


def make_all():
    from django.test.utils import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # nobody's secret
        make_bench()
        make_large()
    log_in_with(PASSWORD)


def log_in_with(password):
    """The parent of five has a hash as production makes it."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    User.objects.filter(username=PARENT["email"]).update(password=make_password(password))


def make_school(slug, **facts):
    from registry.models import School

    contacts = dict.fromkeys(["helpdesk_phone", "registrar_phone", "cashier_phone"], "02-2321-6256#255")
    codes = {"bench": "353300", "large": "353301", "new": "353302"}
    return School.objects.create(
        slug=slug, code=codes[slug], name=f"{slug} 國民中學", short_name=slug, **contacts, **facts
    )


def roster(classes, size, *, letter="F"):
    """The bytes of a roster: `classes` of `size`, names of their own, a guardian with an address for each."""
    from tests.registry.factories import make_identity

    columns = ["班級", "座號", "學號", "姓名", "身分證字號", "出生日期", "導師帳號", "導師姓名"]
    columns += [f"監護人1{one}" for one in ("姓名", "關係", "身分證字號", "手機", "電子郵件")]
    lines = [",".join(columns)]
    for n in range(classes * size):
        number, seat = divmod(n, size)
        name = f"{number * 3 // classes + 1}{number + 1:02d}"
        guardian = f"{name_of(n)},父母,{make_identity(n, 'BCDEFGH'[ord(letter) % 7])},{900_000_000 + n:010d}"
        lines.append(
            f"{name},{seat + 1},115{n:05d},{name_of(n)},{make_identity(n, letter, n % 2 + 1)},2013-03-{n % 28 + 1:02d},"
            f"t{name},林淑芬,{guardian},guardian-{letter}{n}@example.com"
        )
    return "\n".join(lines).encode()


def name_of(n):
    return SURNAMES[n % 15] + FIRSTS[n // 15 % 15] + LASTS[n // 225 % 13]


def import_students(school, data):
    from registry.roster import import_roster

    result = import_roster(school=school, data=data, by=None, confirmed=True)
    assert result.is_good, result.errors[:3]


def make_bench():
    from registry.models import SchoolClass, Student
    from registry.roles import Role
    from tests.accounts.factories import city_admin, registrar_of, staff, teacher_of
    from tests.oidc.factories import client_of

    school = make_school("bench", binding_deadline=date.today() + timedelta(days=14))
    import_students(school, roster(CLASSES, SIZE))
    registrar_of(school)
    staff(school, Role.SCHOOL_ADMIN, account="schooladmin")
    staff(school, Role.CASHIER, account="cashier")
    city_admin()
    walked = 0
    for position, school_class in enumerate(SchoolClass.objects.filter(school=school).order_by("name")):
        teacher = teacher_of(school_class)
        students = list(Student.objects.filter(school_class=school_class).order_by("seat_number"))
        for student in students if position < 2 else students[:3]:
            walk(student, walked, "ready" if position == 1 else STAGES[walked % len(STAGES)], teacher)
            walked += 1
        if 2 <= position < 7:
            make_child(students[10], teacher)
    for number in range(3):
        address = {"host": f"service-{number}.example.tw", "launch_url": f"https://service-{number}.example.tw/"}
        client_of(f"服務{number}", is_service=True, line="繳費與學習", mark="服", **address)


def walk(student, n, stage, teacher):
    """Bring the `n`-th family to its stage by the steps that families take."""
    from review.decisions import reject, return_for_changes
    from review.paper_register import mark_paper_form
    from tests.binding import factories as families

    options: dict[str, Any] = {"people": {1: applicant(n, 1), 2: applicant(n, 2)}}
    if stage.endswith("_two"):
        options["kind"] = "two_parents"
    if stage == "sent_guardian":
        options = {"kind": "guardian", "people": {1: applicant(n, 1)}}
    quick = {
        "untouched": lambda: None,
        "logged_in": lambda: families.family_of(student),
        "confirmed": lambda: families.confirmed_family(student),
        "declined": lambda: families.answered_family(student, answer="declined"),
        "paper_only": lambda: mark_paper_form(student=student, answer="agree", by=teacher),
        "draft": lambda: families.draft_application(student, **options),
        "approved": lambda: families.approved_application(teacher, student, **options),
    }.get(stage.removesuffix("_two") if stage == "approved_two" else stage)
    if quick:
        quick()
        return
    application = families.sent_application(student, **options)
    if stage.startswith("sent"):
        return
    mark_paper_form(student=student, answer="decline" if stage == "mismatch" else "agree", by=teacher)
    decision = {"applicant": application.applicants.first(), "revision": application.revision, "by": teacher}
    if stage == "returned":
        return_for_changes(reason="請確認手機號碼。", **decision)
    if stage == "rejected":
        reject(reason="申請人不是監護人。", **decision)


def applicant(n, position):
    from tests.registry.factories import make_identity

    number = make_identity(100_000 + n * 2 + position, "E", position)
    return {"name": name_of(n + position), "identity_number": number, "email": f"parent-{n}-{position}@example.com"}


def make_child(student, teacher):
    """One of the five children of one parent, with twelve bills; those of the last two years' second semester are open."""
    from accounts.models import User
    from billing.collection.counter import take_cash
    from tests.accounts.factories import registrar_of, sso_parent
    from tests.billing.families import bill_of
    from tests.billing.money import cashier_of
    from tests.binding.factories import approved_application

    if not User.objects.filter(username=PARENT["email"]).exists():
        sso_parent(by=registrar_of(student.school), email=PARENT["email"], number=PARENT["identity_number"])
    approved_application(teacher, student, people={1: PARENT})
    for years_ago in range(6):
        for semester in (1, 2):
            items = [("學費", 3000), ("雜費", 700), ("代收代辦費", 200)]
            bill = bill_of(student, years_ago=years_ago, semester=semester, items=items)
            if years_ago > 1 or semester == 1:
                take_cash(bill=bill, amount=bill.amount, receipt=str(bill.pk), by=cashier_of(student.school))


def make_large():
    from registry.roles import Role
    from tests.accounts.factories import registrar_of, staff
    from tests.billing.money import agent_of

    school = make_school("large")
    import_students(school, roster(LARGE // 40, 40, letter="G"))
    registrar_of(school)
    staff(school, Role.CASHIER, account="cashier")
    agent_of(school)
    bind_parents(school)


def bind_parents(school):
    """One bound to each student, as rows."""
    from accounts.models import SSOAccount, User
    from binding.models import Binding
    from tests.registry.factories import make_identity

    students = list(school.students.order_by("pk"))
    users = User.objects.bulk_create(
        (User(kind="parent", username=email, email=email, name="王大明", password=User.UNSET_PASSWORD)
         for email in (f"bound-{n}@example.com" for n in range(len(students)))),
        batch_size=1000,
    )  # fmt: skip
    accounts = [
        SSOAccount(user=user, name=user.name, mobile="0912345678", initial_until=SSOAccount.initial_deadline())
        for user in users
    ]
    for n, account in enumerate(accounts):
        account.identity_number = make_identity(1_000_000 + n)
    accounts = SSOAccount.objects.bulk_create(accounts, batch_size=1000)
    last_day = date.today() + timedelta(days=99)
    Binding.objects.bulk_create(
        (Binding(account=account, student=student, kind="delegated", relationship="father", last_day=last_day)
         for account, student in zip(accounts, students, strict=True)),
        batch_size=1000,
    )  # fmt: skip


def school_called(slug):
    from registry.models import School

    return School.objects.get(slug=slug)


def classes(school, count):
    from registry.models import SchoolClass

    return list(SchoolClass.objects.filter(school=school).order_by("name")[:count])


def staff_of(slug, account):
    from accounts.models import User

    return User.objects.get(school__slug=slug, account=account)


def homes():
    """(address, who opens it) where the ways of each kind of person begin."""
    from accounts.models import User
    from binding.models import Application

    family = Application.objects.filter(status="submitted", student__school__slug="bench").first().started_by
    yield "/", None
    yield "/bench/", None
    yield "/sso/login/", None
    yield "/bench/binding/", family
    yield "/sso/", User.objects.get(username=PARENT["email"])
    yield "/billing/", User.objects.get(username=PARENT["email"])
    for account in ("t101", "registrar", "schooladmin", "cashier"):
        yield "/bench/staff/", staff_of("bench", account)
    yield "/city/census/", User.objects.get(username="city/admin")
