"""Walks journeys through the pages alone: every step is a GET and a POST as a browser makes them."""

import io
import re

from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binding.actions.confirmation import fingerprint_of
from binding.models import Application, DataConfirmation
from consent.models import ConsentText
from notifications.models import Message
from tests.accounts.factories import log_in, registrar_of, teacher_of, with_captcha
from tests.registry.factories import make_identity

PASSWORD = "seven blue lanterns"
SSO_PASSWORD = "a green bicycle bell"


def person(n, relationship, **more):
    """A parent as they fill themselves in; `n` makes the number and the address."""
    email = f"person{n}@example.com"
    return {
        "name": "王大明" if relationship == "father" else "李小華",
        "relationship": relationship,
        "identity_number": make_identity(n, gender=2 if "mother" in relationship else 1),
        "mobile": f"0912{n:06d}",
        "email": email,
        "email_again": email,
        **more,
    }


class Family:
    """A family at its own computer."""

    def __init__(self, student):
        self.student = student
        self.slug = student.school.slug
        self.client = Client()

    def post(self, page, /, *args, **typed):
        response = self.client.post(reverse(page, args=[self.slug, *args]), typed)
        assert response.status_code == 302, response.content.decode()
        return response

    def page(self, name, *args):
        response = self.client.get(reverse(name, args=[self.slug, *args]))
        assert response.status_code == 200
        return response.content.decode()

    def begin(self):
        """First log-in, change of password, data confirmed."""
        number = self.student.identity_number
        self.post("accounts:login", **with_captcha(account=self.student.portal_account, password=number))
        self.post("accounts:password", old_password=number, new_password=PASSWORD, confirmation=PASSWORD)
        seen = fingerprint_of(DataConfirmation.facts_of(self.student))
        self.post("binding:confirm", is_correct="on", seen=seen)

    def answer(self, choice):
        digest = ConsentText.objects.current().digest
        self.post("binding:consent", answer=choice, agrees="on", text_digest=digest)

    def apply(self, kind, *people, evidence=None):
        self.post("binding:apply", kind=kind)
        for position, one in enumerate(people, start=1):
            self.post("binding:applicant", position, **one)
        if evidence:
            self.post("binding:evidence", files=evidence)
        self.post("binding:check")
        self.post("binding:sign")

    def statuses(self):
        return self.page("binding:tasks")


class Teacher:
    """The homeroom teacher with the pile of signed forms."""

    def __init__(self, school_class):
        self.user = teacher_of(school_class)
        self.slug = school_class.school.slug
        self.client = log_in(Client(), self.user)

    def paper(self, student, answer="agree"):
        address = reverse("review:paper-form-mark", args=[self.slug, student.pk])
        self.client.post(address, {"answer": answer})

    def decide(self, student, decision="approve", *, position=1, reason=""):
        application = Application.objects.latest_of(student)
        applicant = application.applicant_at(position)
        if application.kind == Application.Kind.GUARDIAN and decision != "return":
            self.hand_over(application)
            client = log_in(Client(), registrar_of(student.school))
        else:
            client = self.client
        page = reverse("review:application", args=[self.slug, application.pk])
        assert client.get(page).status_code == 200
        address = reverse("review:applicant-decide", args=[self.slug, application.pk, applicant.pk])
        typed = {"decision": decision, "reason": reason, "revision": application.revision, "is_sure": "on"}
        assert client.post(address, typed).status_code == 302

    def hand_over(self, application):
        address = reverse("review:hand-over", args=[self.slug, application.pk])
        assert self.client.post(address, {"why": "guardianship"}).status_code == 302


def letters_to(email):
    """Mails that have really gone out to this address, once nobody can take a decision back any longer."""
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    call_command("send_mail", "--once", stdout=io.StringIO())
    return [letter for letter in mail.outbox if letter.to == [email]]


def sign_in(email, password):
    client = Client()
    response = client.post(reverse("accounts:sso-login"), {"account": email, "password": password})
    assert response.status_code == 302, "did not come in"
    return client


def first_sign_in(one):
    """Sign in with the last six digits, change the password; returns the launcher page."""
    last_six = one["identity_number"][-6:]
    client = sign_in(one["email"], last_six)
    assert client.get(reverse("binding:sso-home")).url == reverse("accounts:sso-code")
    [letter, *_others] = reversed([one for one in letters_to(one["email"]) if "驗證碼" in one.subject])
    client.post(reverse("accounts:sso-code"), {"code": re.search(r"\d{6}", letter.body)[0]})
    client.post(
        reverse("accounts:sso-password"),
        {"old_password": last_six, "new_password": SSO_PASSWORD, "confirmation": SSO_PASSWORD},
    )
    return client.get(reverse("binding:sso-home")).content.decode()
