"""A national ID goes through the whole journey and is nowhere to be read afterwards."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binding.actions.delegation import givers_of
from tests.accounts.factories import log_in, registrar_of
from tests.flows.walker import Family, Teacher, first_sign_in, letters_to, person
from tests.registry.factories import StudentFactory, make_identity
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db

CHILD, GUARDIAN, CARER = "F131104093", "Y123456788", make_identity(4711, letter="B")


def test_no_id_number_in_database_media_sessions_mails_or_logs(caplog):
    caplog.set_level("DEBUG")
    student = StudentFactory(identity_number=CHILD)
    walk(student)

    everything = {
        "database": "\n".join(dump_database()),
        "media": "\n".join(dump_media()),
        "mails": "\n".join(letter.message().as_string() + letter.body for letter in mail.outbox),
        "logs": caplog.text,
    }

    assert student.student_number in everything["database"], "the dump is not empty"
    assert everything["media"]
    assert everything["mails"]
    found = [
        (place, number)
        for place, text in everything.items()
        for number in (CHILD, GUARDIAN, CARER, CHILD.lower(), GUARDIAN.lower(), CARER.lower())
        if number in text
    ]
    assert not found


def walk(student):
    family, teacher = Family(student), Teacher(student.school_class)
    guardian = person(61, "grandfather", identity_number=GUARDIAN)
    family.begin()
    family.answer("agreed")
    order = SimpleUploadedFile(f"{GUARDIAN}.pdf", small_pdf(f"{GUARDIAN} {CHILD}"))
    family.apply("guardian", guardian, evidence=order)
    teacher.paper(student)
    teacher.decide(student)
    letters_to(guardian["email"])
    first_sign_in(guardian)
    entrust(student)
    letters_to("carer@example.com")


def entrust(student):
    """The registrar enters a mandate: first with a slip, so that the page is drawn again."""
    registrar = log_in(Client(), registrar_of(student.school))
    address = reverse("binding:delegate", args=[student.school.slug, student.pk])
    typed = {
        "giver": givers_of(student)[0].key,
        "name": "陳阿玉",
        "relationship": "grandmother",
        "identity_number": CARER,
        "mobile": "0955555777",
        "email": "carer@example.com",
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": timezone.localdate().isoformat(),
    }
    assert registrar.post(address, typed).status_code == 200
    paper = SimpleUploadedFile(f"{CARER}.pdf", small_pdf(CARER))
    assert registrar.post(address, {**typed, "document": paper}).status_code == 302


def dump_database():
    """Every value of every table, sessions decoded."""
    from django.contrib.sessions.models import Session

    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            for row in cursor.fetchall():
                yield " ".join(str(value) for value in row)
    for session in Session.objects.all():
        yield str(session.get_decoded())


def dump_media():
    for path in settings.MEDIA_ROOT.rglob("*"):
        yield path.name
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
