"""A reviewer looks at the pages of a PDF as pictures; nothing of the file itself runs in the browser."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audit.models import Event
from binding.actions.evidence import add_evidence
from binding.evidence_intake import HarmlessFile
from binding.models import Evidence
from binding.pdf_pages import Unreadable, draw_page, redraw
from review.evidence import note_look
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, sent_application
from tests.registry.factories import SchoolFactory
from tests.support.pdf import draw, small_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _drawn_each_time(monkeypatch):
    monkeypatch.setattr("binding.pdf_pages._run", draw)


@pytest.fixture
def evidence():
    application = sent_application(kind=Kind.GUARDIAN)
    file = HarmlessFile("兩頁.pdf", small_pdf("two", pages=2), "application/pdf", 2)
    add_evidence(application=application, files=[file], by=application.started_by)
    return Evidence.objects.get(pages=2)


def look(client, evidence, number):
    school = evidence.application.student.school
    return client.get(reverse("review:evidence-page", args=[school.slug, evidence.pk, number]))


def test_each_page_is_a_picture(client, evidence):
    log_in(client, teacher_of(evidence.application.student.school_class))

    responses = [look(client, evidence, number) for number in (1, 2)]

    for response in responses:
        picture = Image.open(io.BytesIO(response.content))
        assert (picture.format, max(picture.size)) == ("JPEG", 1800)
        assert response["Cache-Control"] == "private, no-store"
        assert "sandbox" in response["Content-Security-Policy"]
    assert Event.objects.filter(event="evidence.viewed").count() == 1


@pytest.mark.parametrize("first", [1, 2])
def test_a_look_is_recorded_whichever_page_is_opened_first(client, evidence, first):
    teacher = teacher_of(evidence.application.student.school_class)
    log_in(client, teacher)

    look(client, evidence, first)

    assert Event.objects.get(event="evidence.viewed").actor_id == teacher.pk


def test_a_second_person_and_a_later_look_are_looks_of_their_own(client, evidence, monkeypatch):
    student = evidence.application.student
    teacher, registrar = teacher_of(student.school_class), registrar_of(student.school)
    for user in (teacher, registrar):
        log_in(client, user)
        look(client, evidence, 2)
    assert Event.objects.filter(event="evidence.viewed").count() == 2

    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    note_look(evidence=evidence, by=registrar)

    assert Event.objects.filter(event="evidence.viewed", actor_id=registrar.pk).count() == 2


@pytest.mark.parametrize("number", [0, 3, 99])
def test_there_is_no_other_page(client, evidence, number):
    log_in(client, teacher_of(evidence.application.student.school_class))

    assert look(client, evidence, number).status_code == 404


def test_another_schools_registrar_finds_nothing(client, evidence):
    log_in(client, registrar_of(SchoolFactory()))

    assert look(client, evidence, 1).status_code == 404


def test_the_application_shows_every_page_beside_the_applicant(client, evidence):
    log_in(client, teacher_of(evidence.application.student.school_class))
    school = evidence.application.student.school

    page = client.get(reverse("review:application", args=[school.slug, evidence.application_id]))

    for number in (1, 2):
        address = reverse("review:evidence-page", args=[school.slug, evidence.pk, number])
        assert f'src="{address}"' in page.content.decode()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 %%EOF", b"\x00" * 100, small_pdf()[:150]])
def test_what_is_no_pdf_is_refused_and_nothing_crashes(content):
    with pytest.raises(Unreadable):
        redraw(content, most_pages=20)


def test_a_page_of_enormous_size_stays_a_picture():
    huge = small_pdf().replace(b"[0 0 595 842]", b"[0 0 14400 842]")

    drawn = Image.open(io.BytesIO(draw_page(huge, 1)))

    assert max(drawn.size) <= 1801


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr("binding.pdf_pages.SECONDS", 0.001)

    with pytest.raises(Unreadable):
        redraw(small_pdf(), most_pages=20)
