"""Step 2, second half: who applies, and on what proof."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from binding.actions import application as actions
from binding.models import Applicant, Application, Evidence
from tests.accounts.factories import log_in, sso_parent, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    approved_application,
    draft_application,
    reload,
    sent_application,
)
from tests.registry.factories import StudentFactory, make_identity
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db


def page(user, name, *more):
    return reverse(f"binding:{name}", args=[user.school.slug, *more])


def typed(**more):
    return {
        "name": "王大明",
        "relationship": "father",
        "identity_number": make_identity(701),
        "mobile": "0912345678",
        "email": "bob@example.com",
        "email_again": "bob@example.com",
        **more,
    }


@pytest.fixture
def alice(client):
    """A family that has agreed and chosen two parents."""
    user = answered_family()
    actions.choose_kind(student=user.student, kind=Kind.TWO_PARENTS, by=user)
    return log_in(client, user) and user


def save(client, user, position=1, **more):
    return client.post(page(user, "applicant", position), typed(**more))


class TestKind:
    def test_choosing_starts_one_application_however_often(self, client):
        user = answered_family()
        log_in(client, user)

        for kind in ("one_parent", "two_parents", "one_parent"):
            client.post(page(user, "apply"), {"kind": kind})

        assert Application.objects.get().kind == "one_parent"

    def test_another_kind_drops_what_no_longer_fits(self, client):
        application = draft_application(kind=Kind.TWO_PARENTS)
        user = application.started_by
        log_in(client, user)

        client.post(page(user, "apply"), {"kind": "guardian"})

        remaining = Applicant.objects.get()
        assert (remaining.position, remaining.relationship, remaining.is_complete) == (1, "", False)

    def test_a_sent_application_keeps_its_kind(self, client):
        application = sent_application()
        log_in(client, application.started_by)

        client.post(page(application.started_by, "apply"), {"kind": "guardian"})

        assert reload(application).kind == Kind.ONE_PARENT


class TestApplicant:
    def test_saving_goes_on_to_the_second_parent_then_to_checking(self, client, alice):
        first = save(client, alice)
        second = save(
            client, alice, 2, relationship="mother", identity_number=make_identity(702, gender=2),
            email="carol@example.com", email_again="carol@example.com",
        )  # fmt: skip

        assert first.url == page(alice, "applicant", 2)
        assert second.url == page(alice, "check")
        assert Applicant.objects.filter(is_complete=True).count() == 2

    @pytest.mark.parametrize(
        ("number", "stored"),
        [
            (" a123456789 ", "A123456789"),
            ("Ａ１２３４５６７８９", "A123456789"),
            ("A800000014", "A800000014"),
            ("aa-00000009", "AA00000009"),
        ],
    )
    def test_numbers_of_every_kind_are_taken_forgivingly(self, client, alice, number, stored):
        save(client, alice, identity_number=number)

        assert Applicant.objects.get().identity_number == stored

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"name": ""}, "請填寫申請人姓名"),
            ({"relationship": "grandmother"}, "grandmother"),
            ({"identity_number": "A123456788"}, "證號不正確"),
            ({"identity_number": "A12345678"}, "證號應該是 10 個字"),
            ({"mobile": "02-23216256"}, "09 開頭的十個數字"),
            ({"email": "bob", "email_again": "bob"}, "電子郵件的格式不對"),
            ({"email_again": "bop@example.com"}, "兩次輸入的電子郵件不一樣"),
            ({"email_again": ""}, "請再輸入一次電子郵件"),
            ({"name": "A123456789"}, "請不要在這裡寫身分證統一編號"),
            ({"name": "王" * 61}, "60"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client, alice, more, words):
        response = save(client, alice, **more)

        words_on_page = response.content.decode()
        assert response.status_code == 200
        assert words in words_on_page
        assert "0912345678" in words_on_page or "mobile" in more
        assert not Applicant.objects.filter(is_complete=True).exists()

    def test_the_students_own_number_is_refused(self, client, alice):
        response = save(client, alice, identity_number=alice.student.identity_number)

        assert "這是學生的證號" in response.content.decode()

    @pytest.mark.parametrize(
        ("same", "words"), [("identity_number", "兩位申請人的證號不可相同"), ("email", "兩位申請人要用不同的電子郵件")]
    )
    def test_two_parents_are_two_people(self, client, alice, same, words):
        save(client, alice)
        other = {
            "identity_number": make_identity(702),
            "email": "carol@example.com",
            "email_again": "carol@example.com",
        }
        del other[same]

        response = save(client, alice, 2, relationship="mother", **other)

        assert words in response.content.decode()
        assert Applicant.objects.count() == 1

    def test_whose_an_address_is_the_form_does_not_say(self, client, alice):
        sso_parent(by=alice, email="bob@example.com", number=make_identity(999))

        assert save(client, alice).status_code == 302

    def test_the_own_address_of_an_earlier_account_is_welcome(self, client, alice):
        sso_parent(by=alice, email="bob@example.com", number=make_identity(701))

        assert save(client, alice).status_code == 302

    def test_who_is_bound_already_the_form_does_not_say(self, client):
        student = StudentFactory()
        application = approved_application(teacher_of(student.school_class), student)
        user = application.started_by
        actions.choose_kind(student=student, kind=Kind.ONE_PARENT, by=user)
        log_in(client, user)

        response = save(client, user, email="new@example.com", email_again="new@example.com")

        assert response.status_code == 302

    def test_leaving_keeps_what_is_right_and_says_so(self, client, alice):
        response = save(client, alice, leave="1", mobile="12", email="")

        kept = Applicant.objects.get()
        after = client.get(response.url).content.decode()
        assert response.url == reverse("accounts:login", args=[alice.school.slug])
        assert "已登出" in after
        assert "申請還沒有送出" in after
        assert "有錯或還沒填的欄位沒有儲存" in after
        assert client.get(page(alice, "tasks")).status_code == 302
        assert (kept.name, kept.mobile, kept.is_complete) == ("王大明", "", False)

    def test_changing_one_answer_returns_to_the_check_page(self, client, alice):
        response = client.post(page(alice, "applicant", 1) + "?check=1", typed())

        assert response.url == page(alice, "check")

    def test_there_is_no_third_applicant(self, client, alice):
        assert client.get(page(alice, "applicant", 3)).status_code == 404


class TestEvidence:
    @pytest.fixture
    def gina(self, client):
        user = answered_family()
        actions.choose_kind(student=user.student, kind=Kind.GUARDIAN, by=user)
        return log_in(client, user) and user

    def upload(self, client, user, *files):
        return client.post(page(user, "evidence"), {"files": files})

    def picture(self, kind="JPEG", size=(40, 30), name="戶籍謄本.jpg"):
        drawn = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "secret place"
        Image.new("RGB", size, "white").save(drawn, kind, exif=exif)
        return SimpleUploadedFile(name, drawn.getvalue())

    def test_pictures_are_drawn_anew_and_kept_unreadable(self, client, gina):
        self.upload(client, gina, self.picture())

        kept = Evidence.objects.get()
        with kept.file.open("rb") as stored:
            at_rest = stored.read()
        assert kept.name == "戶籍謄本.jpg"
        assert b"secret place" not in kept.read()
        assert not at_rest.startswith(b"\xff\xd8")
        assert client.get(page(gina, "evidence-file", kept.pk)).content == kept.read()

    def test_a_pdf_is_only_ever_downloaded(self, client, gina):
        self.upload(client, gina, SimpleUploadedFile("裁定書.pdf", small_pdf()))

        response = client.get(page(gina, "evidence-file", Evidence.objects.get().pk))

        assert response["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("page.jpg", b"<script>alert(1)</script>", "不是可以讀取的"),
            ("broken.png", b"\x89PNG\r\n\x1a\n broken", "不是可以讀取的"),
            ("empty.jpg", b"", "檔案是空的"),
            ("broken.pdf", b"%PDF-1.7 words %%EOF", "打不開"),
            ("half.pdf", small_pdf()[:200], "打不開"),
            ("long.pdf", small_pdf(pages=21), "最多 20 頁"),
            ("huge.pdf", b"%PDF-" + b"0" * (5 * 1024 * 1024) + b"%%EOF", "超過 5 MB"),
        ],
    )
    def test_other_files_are_refused(self, client, gina, name, content, words):
        response = self.upload(client, gina, SimpleUploadedFile(name, content))

        assert words in response.content.decode()
        assert not Evidence.objects.exists()

    def test_a_picture_that_unpacks_to_gigabytes_is_refused(self, client, gina, monkeypatch):
        monkeypatch.setattr("binding.evidence_intake.MAX_PIXELS", 1000)

        response = self.upload(client, gina, self.picture())

        assert "尺寸太大" in response.content.decode()

    def test_five_files_at_most_and_the_same_file_once(self, client, gina):
        pdfs = [SimpleUploadedFile(f"{n}.pdf", small_pdf(str(n))) for n in range(4)]
        self.upload(client, gina, *pdfs)
        self.upload(client, gina, SimpleUploadedFile("again.pdf", small_pdf("0")))
        assert Evidence.objects.count() == 4

        more = [SimpleUploadedFile(f"{n}.pdf", small_pdf(str(n))) for n in (7, 8)]
        response = self.upload(client, gina, *more)

        assert "最多 5 個" in response.content.decode()
        assert Evidence.objects.count() == 4

    def test_removing_takes_the_file_from_disk(self, client, gina, django_capture_on_commit_callbacks):
        self.upload(client, gina, self.picture())
        kept = Evidence.objects.get()

        with django_capture_on_commit_callbacks(execute=True):
            client.post(page(gina, "evidence-remove", kept.pk))

        assert not Evidence.objects.exists()
        assert not kept.file.storage.exists(kept.file.name)

    def test_the_last_file_of_a_sent_application_stays(self, client):
        application = sent_application(kind=Kind.GUARDIAN)
        log_in(client, application.started_by)

        client.post(page(application.started_by, "evidence-remove", application.evidence.get().pk))

        assert application.evidence.count() == 1

    def test_parents_need_no_evidence_page(self, client, alice):
        assert client.get(page(alice, "evidence")).status_code == 404

    def test_a_name_carries_no_path_and_no_number(self, client, gina):
        self.upload(client, gina, self.picture(name="../../A123456789 王大明.jpg"))

        assert Evidence.objects.get().name == "王大明.jpg"
