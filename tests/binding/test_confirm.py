"""Step 1: the student's data are right, or they are not."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from binding.actions.confirmation import decide_correction, fingerprint_of
from binding.models import CorrectionRequest, DataConfirmation
from binding.progress import DataStatus, Progress
from registry.models import StudentChange
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
    return client.post(reverse("binding:confirm", args=[user.school.slug]), {"is_correct": "on", "seen": seen, **more})


def picture():
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(drawn, "PNG")
    return drawn.getvalue()


def ask(client, user, **more):
    typed = {"name": "尹書研", "message": "第三個字是研", **more}
    return client.post(reverse("binding:correction", args=[user.school.slug]), typed)


def test_confirming_keeps_a_snapshot(client, alice):
    response = confirm(client, alice)

    kept = DataConfirmation.objects.get()
    assert response.url == reverse("binding:consent", args=[alice.school.slug])
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
        ({"name": "", "message": ""}, "請至少填一項"),
        ({"name": "尹書妍"}, "和目前登錄的相同"),
        ({"name": "尹1"}, "姓名不能有數字"),
        ({"seat_number": "100"}, "座號應該是 1 到 99"),
        ({"student_number": "A123456789"}, "請不要在這裡寫身分證統一編號"),
        ({"proof": SimpleUploadedFile("a.png", b"no picture")}, "不是可以讀取"),
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
    @pytest.fixture
    def asked(self, client, alice):
        ask(client, alice)
        return CorrectionRequest.objects.get()

    @pytest.fixture
    def registrar(self, client, alice, asked):
        user = registrar_of(alice.school)
        log_in(client, user)
        return user

    def decide(self, client, asked, status, **more):
        student = asked.student
        typed = {
            "status": status, "school_class": student.school_class_id, "seat_number": student.seat_number,
            "student_number": student.student_number, "name": "尹書研", **more,
        }  # fmt: skip
        page = client.post(reverse("binding:correction-settle", args=[student.school.slug, asked.pk]), typed)
        student.refresh_from_db()
        asked.refresh_from_db()
        return page

    def test_sees_old_and_new_and_how_long_it_waits(self, client, alice, registrar, asked):
        CorrectionRequest.objects.update(requested_at=timezone.now() - timedelta(days=3))
        page = client.get(reverse("binding:corrections", args=[alice.school.slug])).content.decode()

        assert "<del>尹書妍</del> → <ins>尹書研</ins>" in page
        assert re.search(r"3\s?[天日]", page)

    def test_accepting_changes_the_registry_and_asks_the_family_again(self, client, alice, registrar, asked):
        self.decide(client, asked, "done")

        change = StudentChange.objects.get()
        assert (asked.student.name, asked.status) == ("尹書研", "done")
        assert (change.cause, change.old, change.by) == ("correction", {"name": "尹書妍"}, registrar)
        log_in(client, alice)
        page = client.get(reverse("binding:tasks", args=[alice.school.slug])).content.decode()
        assert "註冊組已更正學生資料" in page

    def test_amending_writes_what_the_registrar_knows_better(self, client, registrar, asked):
        self.decide(client, asked, "done", name="尹舒研")

        assert asked.student.name == "尹舒研"

    def test_declining_writes_nothing_and_the_family_reads_why(self, client, alice, registrar, asked):
        response = self.decide(client, asked, "declined", answer="戶籍資料為妍，請再確認。", seat_number="x")

        assert response.url == reverse("binding:corrections", args=[alice.school.slug])
        assert asked.student.name == "尹書妍"
        log_in(client, alice)
        page = client.get(reverse("binding:tasks", args=[alice.school.slug])).content.decode()
        assert "戶籍資料為妍，請再確認。" in page

    def test_what_does_not_fit_leaves_the_request_open(self, client, registrar, asked):
        other = StudentFactory(school=asked.student.school)

        page = self.decide(client, asked, "done", student_number=other.student_number)

        assert "這個學號已經有人使用" in page.content.decode()
        assert (asked.student.name, asked.status) == ("尹書妍", "open")

    def test_a_proof_is_for_the_registrar_and_goes_when_it_is_decided(
        self, client, alice, django_capture_on_commit_callbacks
    ):
        ask(client, alice, proof=SimpleUploadedFile("me.png", picture()))
        asked = CorrectionRequest.objects.get()
        proof = reverse("binding:correction-proof", args=[alice.school.slug, asked.pk])
        assert client.get(proof).status_code == 404
        log_in(client, registrar_of(alice.school))
        assert client.get(proof).content.startswith(b"\x89PNG")
        with asked.proof.open("rb") as stored:
            assert not stored.read().startswith(b"\x89PNG")
        storage, name = asked.proof.storage, asked.proof.name

        with django_capture_on_commit_callbacks(execute=True):
            self.decide(client, asked, "done")

        assert not storage.exists(name)
        assert client.get(proof).status_code == 404

    def test_declining_needs_words(self, client, alice):
        ask(client, alice)
        log_in(client, registrar_of(alice.school))

        response = client.post(
            reverse("binding:correction-settle", args=[alice.school.slug, CorrectionRequest.objects.get().pk]),
            {"status": "declined"},
        )

        assert "請向家長說明原因" in response.content.decode()

    def test_cannot_decide_twice(self, client, alice):
        ask(client, alice)
        registrar = registrar_of(alice.school)
        request = CorrectionRequest.objects.get()
        decide_correction(request=request, status="done", answer="", by=registrar)
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
