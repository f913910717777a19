"""The registrar finds a student, corrects what is wrong, and sees every change."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from binding.progress import DataStatus, Progress
from registry.models import Guardian, RosterImport, SchoolClass, StudentChange
from tests.accounts.factories import log_in, registrar_of
from tests.binding.factories import confirmed_family, sent_application
from tests.registry.factories import SchoolClassFactory, StudentFactory, make_identity
from tests.support.lists import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory(name="301")


@pytest.fixture
def student(school_class):
    return StudentFactory(
        school=school_class.school, school_class=school_class, name="王小明", student_number="10630008", seat_number=1
    )


@pytest.fixture
def registrar(client, school_class):
    user = registrar_of(school_class.school)
    log_in(client, user)
    return user


def address(name, one, *args):
    return reverse(f"registry:{name}", args=[one.school.slug, *args])


def typed(student, **more):
    return {
        "school_class": student.school_class_id,
        "seat_number": student.seat_number,
        "student_number": student.student_number,
        "name": student.name,
        "birth_on": student.birth_on.isoformat(),
        "identity_number": "",
        "proof": "household",
        "note": "",
        **more,
    }


class TestFinding:
    @pytest.mark.parametrize(
        "q",
        ["10630008", "1063", "p10630008", "Ｐ１０６３０００８", "小明", "301 王", "301", "301 1", "301-01", "301-1號"],
    )
    def test_by_what_is_at_hand(self, client, registrar, student, q):
        StudentFactory(school=student.school, name="李大華", student_number="99", school_class__name="999")

        page = search(client, address("students", student), "students", q).content.decode()

        assert "王小明" in page
        assert "李大華" not in page

    def test_an_id_number_is_not_looked_up_by_address(self, client, registrar, student):
        page = search(client, address("students", student), "students", student.identity_number.lower())

        assert "請不要在這裡輸入證號" in page.content.decode()
        assert student.identity_number not in page.content.decode()
        assert page.redirect_chain[0][0] == address("students", student)

    def test_by_number_is_a_post_and_an_event(self, client, registrar, student):
        stranger = StudentFactory()
        found = client.post(address("student-by-number", student), {"number": student.identity_number})
        missed = client.post(address("student-by-number", student), {"number": stranger.identity_number})

        assert found.url == address("student", student, student.pk)
        assert missed.url == address("students", student)
        assert Event.objects.filter(event="identity.searched").count() == 2

    @pytest.mark.parametrize("odd", [{"class": "9" * 30}, {"class": "x"}, {"status": "?"}, {"page": "x"}])
    def test_odd_filters_are_no_error(self, client, registrar, student, odd):
        assert client.get(address("students", student), odd).status_code == 200

    @pytest.mark.parametrize("size", [2, 60])
    def test_costs_the_same_queries_whatever_the_size(
        self, client, registrar, student, django_assert_max_num_queries, size
    ):
        for seat in range(2, 2 + size):
            StudentFactory(school=student.school, school_class=student.school_class, seat_number=seat)

        with django_assert_max_num_queries(5):
            assert client.get(address("students", student)).status_code == 200

    def test_another_schools_student_does_not_exist(self, client, registrar, school_class):
        stranger = StudentFactory()
        for name in ("student", "student-edit", "student-status"):
            place = reverse(f"registry:{name}", args=[school_class.school.slug, stranger.pk])
            assert client.get(place).status_code == 404


class TestCorrecting:
    def test_old_and_new_value_who_and_when_are_kept(self, client, registrar, student):
        client.post(address("student-edit", student, student.pk), typed(student, name="王曉明", note="戶籍更名"))

        change = StudentChange.objects.get()
        assert (change.old, change.new, change.by, change.note) == (
            {"name": "王小明"}, {"name": "王曉明"}, registrar, "戶籍更名",
        )  # fmt: skip
        page = client.get(address("student", student, student.pk)).content.decode()
        assert "王小明</del> → <ins>王曉明" in page
        assert Event.objects.get(event="student.corrected").data == {"fields": ["name"]}

    def test_the_family_confirms_again(self, client, registrar, student):
        confirmed_family(student)

        client.post(address("student-edit", student, student.pk), typed(student, name="王曉明"))

        student.refresh_from_db()
        assert Progress.of(student).data_status == DataStatus.UNCONFIRMED

    def test_an_id_number_is_shown_masked_and_kept_encrypted(self, client, registrar, student):
        old, new = student.identity_number, make_identity(777)

        client.post(
            address("student-edit", student, student.pk),
            typed(student, identity_number=f" {new[:4].lower()}-{new[4:]}"),
        )

        student.refresh_from_db()
        page = client.get(address("student", student, student.pk)).content.decode()
        assert student.identity_number == new
        assert not any(number in page + str(StudentChange.objects.values()) for number in (old, new))
        assert f"{new[:2]}••••••{new[-2:]}" in page

    def test_dates_of_the_republic_are_understood(self, client, registrar, student):
        client.post(address("student-edit", student, student.pk), typed(student, birth_on="民國98年1月2日"))

        student.refresh_from_db()
        assert student.birth_on.isoformat() == "2009-01-02"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("seat_number", "0", "1"),
            ("name", "A123456789", "請不要在這裡寫身分證統一編號"),
            ("name", "王1", "姓名不能有數字"),
            ("birth_on", "?", "日期格式無法辨識"),
            ("birth_on", "2999-01-01", "不合理"),
            ("identity_number", "A123456788", "證號不正確"),
            ("student_number", "10 6", "學號只能有"),
            ("note", "A123456789", "請不要在這裡寫身分證統一編號"),
            ("school_class", "0", "選"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_kept(self, client, registrar, student, field, value, words):
        page = client.post(address("student-edit", student, student.pk), typed(student, **{field: value}))

        assert words in page.content.decode()
        assert not StudentChange.objects.exists()

    def test_what_belongs_to_another_student_is_refused(self, client, registrar, student):
        other = StudentFactory(school=student.school, school_class=student.school_class)
        place = address("student-edit", student, student.pk)

        seat = client.post(place, typed(student, seat_number=other.seat_number)).content.decode()
        number = client.post(place, typed(student, student_number=other.student_number)).content.decode()
        identity = client.post(place, typed(student, identity_number=other.identity_number)).content.decode()

        assert "座號已經有人使用" in seat
        assert "學號已經有人使用" in number
        assert "已登錄在另一位學生名下" in identity
        assert not StudentChange.objects.exists()

    def test_a_class_of_another_school_cannot_be_chosen(self, client, registrar, student):
        elsewhere = SchoolClassFactory()

        client.post(address("student-edit", student, student.pk), typed(student, school_class=elsewhere.pk))

        student.refresh_from_db()
        assert student.school_class != elsewhere

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"name": "王曉明", "proof": ""}, "請選擇依據的文件"),
            ({"identity_number": make_identity(778), "proof": ""}, "請選擇依據的文件"),
            ({"name": "王曉明", "proof": "other"}, "請在修改原因寫明是什麼文件"),
        ],
    )
    def test_what_identifies_a_student_changes_on_paper_that_was_seen(self, client, registrar, student, more, words):
        page = client.post(address("student-edit", student, student.pk), typed(student, **more)).content.decode()

        assert words in page
        assert not StudentChange.objects.exists()

    def test_another_seat_needs_no_paper(self, client, registrar, student):
        client.post(address("student-edit", student, student.pk), typed(student, seat_number="77", proof=""))

        assert StudentChange.objects.get().kind == StudentChange.Kind.SEAT

    def test_the_paper_that_was_seen_is_kept_and_shown(self, client, registrar, student):
        client.post(address("student-edit", student, student.pk), typed(student, name="王曉明"))

        change = StudentChange.objects.get()
        assert (change.proof, change.kind) == (StudentChange.Proof.HOUSEHOLD, StudentChange.Kind.RENAMED)
        assert "戶口名簿或戶籍謄本" in client.get(address("student", student, student.pk)).content.decode()

    def test_saving_what_stands_leaves_no_trace(self, client, registrar, student):
        client.post(address("student-edit", student, student.pk), typed(student))

        assert not StudentChange.objects.exists()
        assert not Event.objects.filter(event="student.corrected").exists()


def test_guardians_are_shown_masked(client, registrar, student):
    guardian = Guardian(student=student, position=1, name="王父", relationship="父親", mobile="0912345678")
    guardian.identity_number = make_identity(51)
    guardian.save()

    page = client.get(address("student", student, student.pk)).content.decode()

    assert "王父（父親）" in page
    assert make_identity(51) not in page


def test_families_never_see_guardians(client, student):
    Guardian.objects.create(student=student, position=1, name="王父在籍", identity_cipher="", identity_fingerprint="")
    family = confirmed_family(student)
    log_in(client, family)

    for name in ("tasks", "confirm", "correction"):
        page = client.get(reverse(f"binding:{name}", args=[student.school.slug])).content.decode()
        assert "王父在籍" not in page


def test_classes_are_made_once(client, registrar, school_class):
    for _twice in range(2):
        client.post(reverse("registry:classes", args=[school_class.school.slug]), {"name": "３０９"})

    assert SchoolClass.objects.filter(name="309").count() == 1


class TestPage:
    def shown(self, client, student):
        return client.get(address("student", student, student.pk)).content.decode()

    def test_of_who_is_not_in_the_roster_asks_first_whether_they_are_still_here(self, client, registrar, student):
        student.missing_from = RosterImport.objects.create(
            school=student.school, name="名冊.csv", state="applied", decided_at=timezone.now()
        )
        student.save()

        page = self.shown(client, student)

        assert page.index(">仍在本校<") < page.index(">更正資料<")
        assert page.split("</main>")[0].count("button--primary") == 1
        assert 'button--primary">仍在本校' in page

    def test_leads_to_the_familys_application(self, client, registrar, student):
        assert "家長的申請" not in self.shown(client, student)

        application = sent_application(student)

        assert reverse("review:application", args=[student.school.slug, application.pk]) in self.shown(client, student)

    def test_names_each_guardian_on_a_line(self, client, registrar, student):
        for position, name in enumerate(["王父", "王母"], start=1):
            Guardian.objects.create(student=student, position=position, name=name, relationship="")

        page = self.shown(client, student)

        assert "<p>王父</p><p>王母</p>" in page
