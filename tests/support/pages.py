"""Every page with a form that somebody may open, also in the states that need a press or two: for sweeps."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.factories import log_in, staff, with_captcha
from tests.oidc.factories import client_of as client_of_host
from tests.oidc.relying_party import RelyingParty
from tests.registry.factories import StudentFactory
from tests.support.world import OPEN, address_of


def opened_pages(world):
    """(role, name of the page, response) of every page as every role that may open it."""
    for role, person in world["people"].items():
        client = log_in(Client(), person) if person else Client()
        for name, allowed in OPEN.items():
            if role in allowed:
                yield role, name, client.get(address_of(name, world))


def pressed_pages(world):
    """(role, name, response) of pages that come after a press, a wrong answer, or at another's request."""
    people, school = world["people"], world["school"]
    slug = school.slug
    for name, person, view, arguments, typed in [
        ("a return looked at before it goes", "teacher", "review:applicant-decide",
         [world["application"].pk, world["applicant"].pk],
         {"decision": "return", "reason": "請修正", "revision": world["application"].revision}),
        ("promotion looked at", "registrar", "registry:promotion", [], {"look": "1", "year": ""}),
        ("more rows of fees", "cashier", "billing:cashier-batch-fees", [], {"more": "1", "rows": "8"}),
        ("more rows of a bill", "cashier", "billing:cashier-bill-reissue", [world["open_bill"].pk],
         {"more": "1", "rows": "8"}),
        ("an example of the collecting settings", "cashier", "billing:cashier-settings", [], {"preview": "1"}),
        ("forms without a class", "registrar", "registry:forms", [], {"scope": "classes"}),
        ("a pile without an answer", "teacher", "review:paper-forms-mark", [world["class"].pk],
         {"students": [world["application"].student_id]}),
    ]:  # fmt: skip
        client = log_in(Client(), people[person])
        yield person, name, client.post(reverse(view, args=[slug, *arguments]), typed, follow=True)
    yield from doors(world)
    yield from services(world)
    yield "teacher", "the other answer stands already", differing(world)


def doors(world):
    school = world["school"]
    wrong = {"account": "zoe@example.com", "password": "wrong"}
    for _turn in range(4):
        page = Client().post(reverse("accounts:sso-login"), wrong)
    yield "anonymous", "log-in with a captcha", page
    for view in ("accounts:login", "accounts:staff-login"):
        typed = with_captcha(account="nobody", password="wrong")  # noqa: S106
        yield "anonymous", f"{view}, wrong", Client().post(reverse(view, args=[school.slug]), typed)
    new = staff(school, account="new-here")
    bare = Client()
    bare.force_login(new, backend="accounts.backends.AccountBackend")
    yield "teacher", "enrolling the second factor", bare.get(reverse("accounts:second-factor-setup"))
    owing = Client()
    owing.force_login(world["people"]["registrar"], backend="accounts.backends.AccountBackend")
    yield "registrar", "the second factor", owing.get(reverse("accounts:second-factor"))
    User.objects.filter(pk=new.pk).update(has_temporary_password=True)
    yield ("teacher", "a password owed", log_in(Client(), new).get(reverse("accounts:password", args=[school.slug])))


def services(world):
    client = client_of_host("學習", host="learn.example.tw")
    party = RelyingParty(client, log_in(Client(), world["people"]["parent"]))
    yield "parent", "what a service asks for", party.ask()
    yield "parent", "a log-out that a service asks for", party.browser.get(reverse("oidc:logout"))


def differing(world):
    student = StudentFactory(school=world["school"], school_class=world["class"])
    client = log_in(Client(), world["people"]["teacher"])
    place = [world["school"].slug, world["class"].pk]
    typed = {"students": [student.pk]}
    client.post(reverse("review:paper-forms-mark", args=place), {**typed, "answer": "decline"})
    return client.post(reverse("review:paper-forms-mark", args=place), {**typed, "answer": "agree"}, follow=True)


def is_page(response):
    return (
        response.status_code in (200, 400, 409, 429)
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and response.get("Content-Disposition", "") == ""
    )
