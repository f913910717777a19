"""An applicant handed back item by item: only these open again, and the reviewer sees what changed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from binding.actions import application as applying
from binding.actions.evidence import add_evidence, remove_evidence
from binding.evidence_intake import HarmlessFile
from binding.models import Applicant, Evidence
from core.states import InvalidMove
from notifications.models import Message
from review.decisions import return_for_changes
from tests.accounts.factories import log_in, registrar_of, teacher_of
from tests.binding.factories import Kind, reload, sent_application
from tests.registry.factories import StudentFactory, make_identity
from tests.support.pdf import small_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return sent_application()


@pytest.fixture
def teacher(application):
    return teacher_of(application.student.school_class)


def hand_back(application, teacher, *fields):
    return_for_changes(
        applicant=application.applicants.get(), reason="和申請書不同", fields=fields,
        revision=application.revision, by=teacher,
    )  # fmt: skip


def family_page(client, application):
    log_in(client, application.started_by)
    return reverse("binding:applicant", args=[application.student.school.slug, 1])


def review_page(client, application, teacher):
    log_in(client, teacher)
    place = reverse("review:application", args=[application.student.school.slug, application.pk])
    return client.get(place).content.decode()


def test_the_reviewer_ticks_what_is_to_be_mended(client, application, teacher):
    log_in(client, teacher)
    applicant = application.applicants.get()
    place = reverse("review:applicant-decide", args=[application.student.school.slug, application.pk, applicant.pk])

    client.post(
        place,
        {
            "decision": "return",
            "reason": "和申請書不同",
            "fields_to_mend": ["mobile", "name"],
            "revision": 1,
            "is_sure": "on",
        },
    )

    applicant.refresh_from_db()
    assert applicant.returned_fields == ["name", "mobile"]
    mail = Message.objects.get(kind="applicant-returned")
    assert "申請人姓名、手機" in mail.text


def test_the_family_is_asked_for_these_only(client, application, teacher):
    hand_back(application, teacher, "mobile")

    page = client.get(family_page(client, application)).content.decode()

    assert "導師請您修正下面的資料" in page
    assert 'name="mobile"' in page
    assert "我確認原來的手機正確" in page
    assert not any(f'name="{field}"' in page for field in ("name", "relationship", "identity_number", "email"))
    assert "王大明" in page
    assert "b•••@example.com" in page


def test_what_is_asked_for_has_to_change(client, application, teacher):
    hand_back(application, teacher, "mobile", "name")
    place = family_page(client, application)

    for typed in ({}, {"mobile": "0912345671", "name": "王大銘"}, {"mobile": "", "name_is_right": "on"}):
        page = client.post(place, typed).content.decode()
        assert "和原來的一樣。請填寫正確的手機，或勾選「我確認原來的手機正確」。" in page
        assert application.applicants.get().review == Applicant.Review.RETURNED


def test_or_is_said_to_be_right_and_everybody_reads_so(client, application, teacher):
    hand_back(application, teacher, "mobile", "name")

    client.post(family_page(client, application), {"name": "王大銘", "mobile_is_right": "on"})

    one = application.applicants.get()
    assert (one.review, one.name, one.mobile) == (Applicant.Review.PENDING, "王大銘", "0912345671")
    history = client.get(reverse("binding:history", args=[application.student.school.slug])).content.decode()
    assert "修正申請資料後再送出" in history
    assert "修改申請人姓名；確認原來的手機正確" in history
    assert "確認原來的手機正確" in review_page(client, application, teacher)


def test_a_field_that_was_not_handed_back_is_not_taken(client, application, teacher):
    hand_back(application, teacher, "mobile")

    client.post(family_page(client, application), {"mobile": "0987654321", "email": "eve@example.com", "name": "伊芙"})

    one = application.applicants.get()
    assert (one.mobile, one.email, one.name) == ("0987654321", "bob@example.com", "王大明")


def test_with_no_field_named_something_has_to_change(client, application, teacher):
    hand_back(application, teacher)
    place = family_page(client, application)

    page = client.post(place, {}).content.decode()
    assert "請修改導師說明的資料" in page
    assert application.applicants.get().review == Applicant.Review.RETURNED
    client.post(place, {"all_is_right": "on"})

    assert application.applicants.get().review == Applicant.Review.PENDING


def test_what_is_mended_goes_back_to_the_reviewer_beside_the_old(client, application, teacher):
    hand_back(application, teacher, "mobile")

    client.post(family_page(client, application), {"mobile": "0987654321"})

    assert application.applicants.get().review == Applicant.Review.PENDING
    page = review_page(client, application, teacher)
    assert "退回後家長修改了" in page
    assert "0912-345-671</del> → <ins>0987-654-321" in page


def test_a_new_number_is_told_without_being_shown(client, application, teacher):
    hand_back(application, teacher, "identity_number")

    client.post(family_page(client, application), {"identity_number": make_identity(888)})

    page = review_page(client, application, teacher)
    assert "退回後家長修改了" in page
    assert make_identity(888) not in page
    assert make_identity(888)[-4:] in page


def test_typing_another_field_by_hand_changes_nothing_else(client, application, teacher):
    hand_back(application, teacher, "mobile")

    client.post(family_page(client, application), {"mobile": "0987654321", "name": "別人"})

    assert application.applicants.get().name == "王大明"
    hand_back(reload(application), teacher, "mobile")
    forged = {"position": 1, "values": {"name": "別人"}, "is_complete": True, "by": application.started_by}
    with pytest.raises(InvalidMove):
        applying.save_applicant(application=reload(application), **forged)


def test_nothing_ticked_leaves_all_open(client, application, teacher):
    hand_back(application, teacher)

    page = client.get(family_page(client, application)).content.decode()

    assert all(f'name="{field}"' in page for field in ("name", "relationship", "mobile", "email"))


def test_evidence_alone_is_mended_and_sent_again(client, teacher):
    application = sent_application(student=StudentFactory(), kind=Kind.GUARDIAN)
    teacher = teacher_of(application.student.school_class)
    hand_back(application, teacher, "evidence")
    place = family_page(client, application)

    assert "補充或更換證明文件" in client.get(place).content.decode()
    assert "請補上新的證明文件" in client.post(place, {}).content.decode()
    client.post(
        reverse("binding:evidence", args=[application.student.school.slug]),
        {"files": SimpleUploadedFile("新.pdf", small_pdf("新的"))},
    )
    client.post(place, {})

    assert application.applicants.get().review == Applicant.Review.PENDING


def test_a_second_return_compares_with_the_second(client, application, teacher):
    hand_back(application, teacher, "mobile")
    client.post(family_page(client, application), {"mobile": "0987654321"})
    hand_back(reload(application), teacher, "name")

    client.post(family_page(client, application), {"name": "王大銘"})

    page = review_page(client, application, teacher)
    assert "王大明</del> → <ins>王大銘" in page
    assert "0912" not in page.partition("退回後家長修改了")[2].partition("</ul>")[0]


def test_evidence_is_asked_for_only_where_the_family_has_a_page_for_it(client, application, teacher):
    offered = 'value="evidence"'
    assert offered not in review_page(client, application, teacher)

    guardian = sent_application(student=StudentFactory(), kind=Kind.GUARDIAN)

    page = review_page(client, guardian, teacher_of(guardian.student.school_class))
    assert offered in page


class TestEvidence:
    """Files open again only where they were handed back."""

    PAPER = HarmlessFile("另一份.pdf", small_pdf("another"), "application/pdf")

    @pytest.fixture
    def application(self):
        return sent_application(kind=Kind.GUARDIAN)

    @pytest.fixture
    def teacher(self, application):
        return registrar_of(application.student.school)

    def test_with_the_name_alone_handed_back_no_file_is_exchanged(self, client, application, teacher):
        hand_back(application, teacher, "name")
        by = application.started_by

        with pytest.raises(InvalidMove):
            add_evidence(application=application, files=[self.PAPER], by=by)
        with pytest.raises(InvalidMove):
            remove_evidence(evidence=application.evidence.get(), by=by)
        log_in(client, by)
        slug = application.student.school.slug
        page = client.get(reverse("binding:evidence", args=[slug])).content.decode()
        assert "證明文件不能更動" in page
        assert 'type="file"' not in page
        sign = client.get(reverse("binding:sign", args=[slug])).content.decode()
        assert "補充或更換證明文件" not in sign

    def test_a_posted_file_is_refused_with_words(self, client, application, teacher):
        hand_back(application, teacher, "name")
        log_in(client, application.started_by)
        upload = SimpleUploadedFile("x.png", small_png(), "image/png")

        response = client.post(
            reverse("binding:evidence", args=[application.student.school.slug]), {"files": upload}, follow=True
        )

        assert "現在不能更動證明文件" in response.content.decode()
        assert Evidence.objects.count() == 1

    @pytest.mark.parametrize("fields", [("evidence",), ("name", "evidence"), ()])
    def test_handed_back_they_are(self, application, teacher, fields):
        hand_back(application, teacher, *fields)

        add_evidence(application=application, files=[self.PAPER], by=application.started_by)

        assert Evidence.objects.count() == 2

    def test_while_it_waits_they_may_be_added_to(self, application):
        add_evidence(application=application, files=[self.PAPER], by=application.started_by)

        assert Evidence.objects.count() == 2


def small_png():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("ticked", "reason"),
    [
        (["mobile"], "手機號碼和申請書不同，請確認後修正。"),
        (["name", "identity_number"], "姓名或證號和證件不同，請對照證件修正。"),
        (["evidence"], "證明文件看不清楚，請重新拍照上傳。"),
        (["mobile", "email"], "線上資料和申請書不同，請確認後修正。"),
    ],
)
def test_what_is_ticked_gives_the_reason_and_its_mail_is_shown_first(client, teacher, ticked, reason):
    application = sent_application(kind=Kind.GUARDIAN, student=StudentFactory(school=teacher.school))
    log_in(client, teacher_of(application.student.school_class))
    applicant = application.applicants.get()
    place = reverse("review:applicant-decide", args=[application.student.school.slug, application.pk, applicant.pk])
    said = {"decision": "return", "fields_to_mend": ticked, "revision": application.revision}

    look = client.post(place, said).content.decode()

    assert f">{reason}</textarea>" in look
    assert application.applicants.get().review == "pending"
    client.post(place, {**said, "reason": reason, "is_sure": "1"})
    handed_back = application.applicants.get()
    assert (handed_back.review, handed_back.reason) == ("returned", reason)


def test_a_ticked_item_gives_no_reason_for_saying_no(client, application, teacher):
    log_in(client, teacher)
    applicant = application.applicants.get()
    place = reverse("review:applicant-decide", args=[application.student.school.slug, application.pk, applicant.pk])

    page = client.post(place, {"decision": "reject", "fields_to_mend": ["mobile"], "revision": application.revision})

    assert "請選擇或寫明原因" in page.content.decode()
