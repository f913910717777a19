"""What scanners and broken browsers send: an answer, never an error page."""

import pytest
from django.urls import reverse

from registry.roles import Role
from tests.accounts.factories import city_admin, family_of, log_in, registrar_of, staff, teacher_of
from tests.binding.factories import approved_application, sent_application
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db

HUGE = 99999999999999999999999
ODD = [
    "",
    "\0",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "x" * 5000,
    "٣",
    "<b>",
    "%s",
    "'",
]


@pytest.fixture
def application():
    return sent_application()


@pytest.mark.parametrize(
    "page",
    [
        "review:class",
        "review:application",
        "review:evidence-file",
        "binding:binding",
        "binding:binding-address",
        "binding:court-file",
        "binding:custody",
        "binding:delegate",
        "binding:delegation-file",
        "registry:roster",
        "registry:forms-batch",
    ],
)
def test_numbers_beyond_any_row_do_not_exist(client, application, page):
    log_in(client, registrar_of(application.student.school))

    assert client.get(reverse(page, args=[application.student.school.slug, HUGE])).status_code == 404


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "door", ["accounts:login", "accounts:staff-login", "accounts:sso-login", "accounts:city-login"]
)
def test_doors_take_anything(client, door, odd):
    school = StudentFactory().school
    address = reverse(door, args=[school.slug] if "sso" not in door and "city" not in door else [])
    fields = ["account", "password", "captcha", "captcha_key", "next", "another"]

    for field in fields:
        typed = {"account": "P1", "password": "x", "captcha": "1", "captcha_key": "x"} | {field: odd}
        assert client.post(address, typed).status_code == 200
    assert client.get(address, {"next": odd, "account": odd}).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_the_familys_forms_take_anything(client, odd):
    user = family_of(StudentFactory())
    log_in(client, user)
    typed = dict.fromkeys(
        ["is_correct", "seen", "items", "message", "answer", "button", "text_digest", "kind", "old_password",
         "new_password", "confirmation"],
        odd,
    )  # fmt: skip

    for page in ["binding:confirm", "binding:correction", "binding:consent", "binding:apply", "accounts:password"]:
        response = client.post(reverse(page, args=[user.school.slug]), typed)
        assert response.status_code in (200, 302)


@pytest.mark.parametrize("odd", ODD)
def test_an_applicants_fields_take_anything(client, odd):
    application = sent_application()
    log_in(client, application.started_by)
    fields = ["name", "relationship", "identity_number", "mobile", "email", "email_again"]
    address = reverse("binding:applicant", args=[application.student.school.slug, 1])

    before = application.applicants.values(*fields[:2], "email", "mobile").get()

    response = client.post(address, dict.fromkeys(fields, odd))

    assert response.status_code == (200 if odd else 302)  # where nothing is typed, all stays as it is
    assert application.applicants.values(*before).get() == before


@pytest.mark.parametrize("odd", ODD)
def test_a_decision_takes_anything(client, application, odd):
    log_in(client, registrar_of(application.student.school))
    applicant = application.applicants.get()
    school = application.student.school

    decided = client.post(
        reverse("review:applicant-decide", args=[school.slug, application.pk, applicant.pk]),
        {"decision": odd, "reason": odd, "revision": odd},
    )
    marked = client.post(
        reverse("review:paper-form-mark", args=[school.slug, application.student_id]),
        {"answer": odd, "application": odd},
    )

    assert decided.status_code == 200
    assert marked.status_code == 302


@pytest.mark.parametrize("odd", ODD)
def test_admin_search_takes_anything(client, odd):
    log_in(client, city_admin())

    found = client.post(reverse("admin:registry_student_by_number"), {"number": odd})

    assert found.status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_printing_takes_anything(client, application, odd):
    school = application.student.school
    log_in(client, registrar_of(school))

    typed = dict.fromkeys(["language", "return_on", "scope", "classes"], odd)

    assert client.post(reverse("registry:forms", args=[school.slug]), typed).status_code == 200


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("page", ["registry:students", "binding:bindings", "staff:helpdesk", "staff:staff-accounts"])
def test_searches_of_the_desks_take_anything(client, application, page, odd):
    school = application.student.school
    log_in(client, staff(school, Role.REGISTRAR, Role.HELPDESK, Role.SCHOOL_ADMIN))

    typed = dict.fromkeys(["q", "class", "status", "state", "role", "page"], odd)

    assert client.get(reverse(page, args=[school.slug]), typed, follow=True).status_code == 200


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("page", ["binding-address", "binding-end", "binding-court", "custody", "delegate"])
def test_the_registrars_forms_take_anything(client, page, odd):
    student = StudentFactory()
    application = approved_application(teacher_of(student.school_class), student)
    log_in(client, registrar_of(student.school))
    key = application.applicants.get().binding.pk if page.startswith("binding") else student.pk
    fields = [
        "new_email", "new_email_again", "proof", "number", "ordered_on", "effective_on", "until", "document_on",
        "starts_on", "ends_on", "giver", "name", "relationship", "identity_number", "mobile", "email", "document",
    ]  # fmt: skip

    response = client.post(reverse(f"binding:{page}", args=[student.school.slug, key]), dict.fromkeys(fields, odd))

    assert response.status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_the_link_of_an_address_takes_anything(client, odd):
    address = reverse("binding:address-confirm", args=[StudentFactory().school.slug])

    assert client.get(address, {"token": odd}).status_code == 200
    assert client.post(address, {"token": odd}).status_code == 200
