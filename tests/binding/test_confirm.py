"""Step 1: the student's data are right, or they are not."""

import pytest
from django.urls import reverse

from binding.actions.confirmation import fingerprint_of, settle_correction
from binding.models import CorrectionRequest, DataConfirmation
from binding.progress import DataStatus, Progress
from tests.accounts.factories import family_of, log_in, registrar_of, teacher_of
from tests.registry.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client):
    user = family_of(StudentFactory())
    log_in(client, user)
    return user


def confirm(client, user, **more):
    seen = fingerprint_of(DataConfirmation.facts_of(user.student))
    return client.post(
        reverse("binding:confirm", args=[user.school.slug]), {"is_correct": "on", "seen": seen, **more}
    )


def ask(client, user, **more):
    typed = {"items": ["name"], "message": "第三個字是研", **more}
    return client.post(reverse("binding:correction", args=[user.school.slug]), typed)


def test_confirming_keeps_a_snapshot(client, alice):
    response = confirm(client, alice)

    kept = DataConfirmation.objects.get()
    assert response.url == reverse("binding:tasks", args=[alice.school.slug])
    assert (kept.name, kept.seat_number, kept.confirmed_by) == ("尹書妍", alice.student.seat_number, alice)


def test_confirming_twice_keeps_one(client, alice):
    confirm(client, alice)
    confirm(client, alice)

    assert DataConfirmation.objects.count() == 1


def test_the_box_has_to_be_ticked(client, alice):
    response = confirm(client, alice, is_correct="")

    assert "請勾選「資訊正確」" in response.content.decode()
    assert not DataConfirmation.objects.exists()


def test_what_changed_while_the_page_was_open_is_looked_at_again(client, alice):
    response = confirm(client, alice, seen="something older")

    assert response.url == reverse("binding:confirm", args=[alice.school.slug])
    assert not DataConfirmation.objects.exists()


def test_asking_for_a_correction_stops_the_next_step(client, alice):
    response = ask(client, alice)

    progress = Progress.of(alice.student)
    assert response.status_code == 302
    assert progress.data_status == DataStatus.CORRECTING
    page = client.get(reverse("binding:consent", args=[alice.school.slug]), follow=True).content.decode()
    assert "註冊組正在處理您的更正申請" in page


def test_asking_again_rewords_the_open_request(client, alice):
    ask(client, alice)
    ask(client, alice, message="其實是第二個字")

    assert CorrectionRequest.objects.get().message == "其實是第二個字"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"items": []}, "請勾選有誤的項目"),
        ({"message": ""}, "請告訴註冊組正確的資料"),
        ({"message": "應該是 A123456789"}, "請不要在這裡寫身分證統一編號"),
        ({"message": "應該是 ａ１２３ ４５６７８９"}, "請不要在這裡寫身分證統一編號"),
        ({"message": "字" * 301}, "300"),
    ],
)
def test_a_bad_request_says_what_is_missing(client, alice, typed, words):
    response = ask(client, alice, **typed)

    assert words in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_confirming_takes_an_open_request_back(client, alice):
    ask(client, alice)

    confirm(client, alice)

    assert CorrectionRequest.objects.get().status == CorrectionRequest.Status.WITHDRAWN
    assert Progress.of(alice.student).data_status == DataStatus.CONFIRMED


class TestRegistrar:
    def test_settles_a_request_and_the_family_reads_the_answer(self, client, alice):
        ask(client, alice)
        log_in(client, registrar_of(alice.school))
        request = CorrectionRequest.objects.get()
        assert (
            "第三個字是研"
            in client.get(reverse("binding:corrections", args=[alice.school.slug])).content.decode()
        )

        response = client.post(
            reverse("binding:correction-settle", args=[alice.school.slug, request.pk]),
            {"status": "declined", "answer": "戶籍資料為妍，請再確認。"},
        )

        assert response.url == reverse("binding:corrections", args=[alice.school.slug])
        log_in(client, alice)
        page = client.get(reverse("binding:tasks", args=[alice.school.slug])).content.decode()
        assert "戶籍資料為妍，請再確認。" in page

    def test_declining_needs_words(self, client, alice):
        ask(client, alice)
        log_in(client, registrar_of(alice.school))

        response = client.post(
            reverse(
                "binding:correction-settle", args=[alice.school.slug, CorrectionRequest.objects.get().pk]
            ),
            {"status": "declined"},
        )

        assert "請向家長說明原因" in response.content.decode()

    def test_cannot_settle_twice(self, client, alice):
        ask(client, alice)
        registrar = registrar_of(alice.school)
        request = CorrectionRequest.objects.get()
        settle_correction(request=request, status="done", answer="", by=registrar)
        log_in(client, registrar)

        client.post(
            reverse("binding:correction-settle", args=[alice.school.slug, request.pk]),
            {"status": "declined", "answer": "不對"},
        )

        request.refresh_from_db()
        assert request.status == CorrectionRequest.Status.DONE

    def test_another_schools_request_does_not_exist(self, client, alice):
        ask(client, alice)
        stranger = registrar_of(StudentFactory().school)
        log_in(client, stranger)

        pages = [
            reverse("binding:correction-settle", args=[slug, CorrectionRequest.objects.get().pk])
            for slug in (alice.school.slug, stranger.school.slug)
        ]

        assert [client.get(page).status_code for page in pages] == [404, 404]

    def test_a_teacher_is_no_registrar(self, client, alice):
        log_in(client, teacher_of(alice.student.school_class))

        assert client.get(reverse("binding:corrections", args=[alice.school.slug])).status_code == 404
