"""The main pages of one school, and the city's, each asked for by who may open it."""

from benchmarks.measure import Goal

PASSWORD = "synthetic staff password"  # noqa: S105 – of config.management.commands.make_city
OF_A_SCHOOL = [
    "school front", "portal log-in", "SSO log-in", "task list", "launcher", "bills of a parent", "class board",
    "classes to review", "application", "students", "students by name", "students by number", "student",
    "classes", "promotion", "moves", "bindings", "corrections", "reminders", "school census", "mismatches",
    "helpdesk by name", "helpdesk by number", "helpdesk by e-mail", "helpdesk, family", "staff accounts",
    "cashier, money", "cashier, batches", "cashier, settlements", "cashier, work", "cashier, refunds",
    "cashier, counter", "cashier, day",
]  # fmt: skip
OF_THE_CITY = [
    "city, mails", "city, events", "city, students", "city, a student", "city, accounts", "city, applications",
    "city, ledger", "city, settlements",
]  # fmt: skip
GOALS = {
    **{page: Goal(times=1.1) for page in OF_A_SCHOOL},
    "city census": Goal(times=1.2),
    **{page: Goal() for page in OF_THE_CITY},  # lists of all there is in the admin site: told, not judged
}


def pages_of_school(school):
    """{name: what asks for the page and returns the response}; the same people in every copy of a pattern."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from accounts.models import LoginThrottle, User
    from binding.models import Application, Binding
    from registry.models import Student
    from tests.accounts.factories import log_in, with_captcha

    settings.ALLOWED_HOSTS = ["testserver"]
    binding = Binding.objects.active().filter(student__school=school, account__state="active").order_by("pk")[0]
    application = Application.objects.filter(student__school=school, status="submitted").order_by("pk")[0]
    family, parent = User.objects.for_family(binding.student), binding.account.user
    staff = {one.account: one for one in User.objects.filter(school=school, kind="staff")}
    people = {"family": family, "parent": parent, **staff, "city": User.objects.get(username="city/admin")}
    clients: dict[str, Client] = {}

    def get(who, page, *args, query=""):
        client = clients.setdefault(who, log_in(Client(), people[who]))
        address = reverse(page, args=args) + query
        return lambda: client.get(address)

    def at_portal():
        LoginThrottle.objects.all().delete()  # so many log-ins a minute look like an attack
        browser = Client()
        typed = {"account": binding.student.portal_account, "password": PASSWORD}
        return browser.post(reverse("accounts:login", args=[school.slug]), with_captcha(browser, **typed))

    def at_sso():
        LoginThrottle.objects.all().delete()
        return Client().post(reverse("accounts:sso-login"), {"account": parent.email, "password": PASSWORD})

    slug, student = school.slug, Student.objects.filter(school=school).order_by("pk")[5]
    name = student.name[:1]
    return {
        "school front": get("family", "accounts:school", slug),
        "portal log-in": at_portal,
        "SSO log-in": at_sso,
        "task list": get("family", "binding:tasks", slug),
        "launcher": get("parent", "binding:sso-home"),
        "bills of a parent": get("parent", "billing:home"),
        "class board": get("registrar", "review:class", slug, application.student.school_class_id),
        "classes to review": get("registrar", "review:home", slug),
        "application": get("registrar", "review:application", slug, application.pk),
        "students": get("registrar", "registry:students", slug),
        "students by name": get("registrar", "registry:students", slug, query=f"?q={name}"),
        "students by number": get("registrar", "registry:students", slug, query=f"?q={student.student_number}"),
        "student": get("registrar", "registry:student", slug, student.pk),
        "classes": get("registrar", "registry:classes", slug),
        "promotion": get("registrar", "registry:promotion", slug),
        "moves": get("registrar", "registry:moves", slug),
        "bindings": get("registrar", "binding:bindings", slug),
        "corrections": get("registrar", "binding:corrections", slug),
        "reminders": get("registrar", "review:reminders", slug),
        "school census": get("principal", "review:census", slug),
        "mismatches": get("registrar", "review:mismatches", slug),
        "helpdesk by name": get("helpdesk", "staff:helpdesk", slug, query=f"?q={student.name[:2]}"),
        "helpdesk by number": get("helpdesk", "staff:helpdesk", slug, query=f"?q={student.student_number}"),
        "helpdesk by e-mail": get("helpdesk", "staff:helpdesk", slug, query=f"?q={parent.email}"),
        "helpdesk, family": get("helpdesk", "staff:helpdesk-family", slug, binding.student_id),
        "staff accounts": get("schooladmin", "staff:staff-accounts", slug),
        "cashier, money": get("cashier", "billing:cashier-money", slug),
        "cashier, batches": get("cashier", "billing:cashier-batches", slug),
        "cashier, work": get("cashier", "billing:cashier-work", slug),
        "cashier, refunds": get("cashier", "billing:cashier-refunds", slug),
        "cashier, counter": get("cashier", "billing:cashier-cash", slug),
        "cashier, day": get("cashier", "billing:cashier-day", slug),
        "city census": get("city", "city:census"),
        "city, mails": get("city", "admin:notifications_message_changelist"),
        "city, events": get("city", "admin:audit_event_changelist"),
        "city, students": get("city", "admin:registry_student_changelist"),
        "city, a student": get("city", "admin:registry_student_changelist", query=f"?q={student.student_number}"),
        "city, accounts": get("city", "admin:accounts_user_changelist"),
        "city, applications": get("city", "admin:binding_application_changelist"),
        "city, ledger": get("city", "admin:billing_ledgerentry_changelist"),
        "city, settlements": get("city", "admin:billing_settlement_changelist"),
    }
