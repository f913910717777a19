"""Reasons to pick: the usual ones, until the school writes its own."""

import pytest
from django.urls import reverse

from notifications.models import Message
from review.models import ReturnReason
from review.rules import USUAL, reasons_of
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import sent_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return sent_application()


@pytest.fixture
def school(application):
    return application.student.school


def write(client, school, texts):
    log_in(client, school.users.filter(account="registrar").first() or registrar_of(school))
    return client.post(reverse("review:rules", args=[school.slug]), {"texts": texts}, follow=True)


def decide(client, application, **typed):
    log_in(
        client,
        application.student.school.users.filter(account__startswith="t").first()
        or teacher_of(application.student.school_class),
    )
    place = reverse(
        "review:applicant-decide",
        args=[application.student.school.slug, application.pk, application.applicants.get().pk],
    )
    sure = {"decision": "return", "revision": application.revision, "is_sure": "on"}
    return client.post(place, {**sure, **typed}, follow=True)


def test_a_school_begins_with_the_usual_ones(school):
    assert reasons_of(school) == [str(one) for one in USUAL]


def test_its_own_list_takes_their_place_in_its_order(client, school):
    write(client, school, "請來電註冊組\n\n  照片  不清楚 \n請來電註冊組\n")

    assert reasons_of(school) == ["請來電註冊組", "照片 不清楚"]


def test_emptied_it_brings_the_usual_ones_back(client, school):
    write(client, school, "請來電註冊組")
    write(client, school, "")

    assert not ReturnReason.objects.exists()
    assert reasons_of(school) == [str(one) for one in USUAL]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ("\n".join(f"原因{n}" for n in range(21)), "最多 20 個"),
        ("長" * 151, "150 個字"),
        ("A123456789", "身分證統一編號"),
    ],
)
def test_what_is_too_much_is_said(client, school, texts, words):
    assert words in write(client, school, texts).content.decode()
    assert not ReturnReason.objects.exists()


def test_a_picked_reason_is_enough_and_words_are_added(client, application, school):
    write(client, school, "照片不清楚")

    decide(client, application, preset="照片不清楚", reason="請平放拍攝")

    assert application.applicants.get().reason == "照片不清楚 請平放拍攝"
    assert "照片不清楚 請平放拍攝" in Message.objects.get(kind="applicant-returned").text


def test_neither_is_not_enough(client, application):
    page = decide(client, application).content.decode()

    assert "請選擇或寫明原因" in page
    assert application.applicants.get().review == "pending"


def test_a_reason_of_nobody_is_refused(client, application):
    decide(client, application, preset="別的")

    assert application.applicants.get().review == "pending"


def test_each_school_has_its_own(client, school):
    other = sent_application().student.school
    write(client, school, "本校的")

    assert "本校的" not in reasons_of(other)


def test_a_usual_reason_is_read_in_the_familys_language(client, application):
    """The reviewer works in Chinese, the family wrote its application in English."""
    application.language = "en"
    application.save()

    decide(client, application, preset=USUAL[1], reason="請看第二欄")

    assert application.applicants.get().reason == f"{USUAL[1]} 請看第二欄"
    mail = Message.objects.get(kind="applicant-returned").text
    assert "The mobile number differs from the paper form. Check and correct it. 請看第二欄" in mail
    assert USUAL[1] not in mail


def test_a_reviewer_who_reads_english_stores_the_same_words(client, application):
    client.cookies["django_language"] = "en"

    decide(client, application, preset=USUAL[1])

    assert application.applicants.get().reason == USUAL[1]
