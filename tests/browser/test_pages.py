"""Pages that the journey does not open, in every state worth seeing: axe and width, on phone and desk."""

import pytest
from django.conf import settings
from django.urls import reverse

from binding.actions.confirmation import request_correction
from core.printing import batches
from registry.models import PaperFormBatch
from registry.paper_forms import printing
from registry.paper_forms.codes import code_for
from review.decisions import return_for_changes
from review.paper_register import mark_paper_form
from tests.accounts.factories import family_of, registrar_of, sso_parent, teacher_of
from tests.binding.factories import (
    Kind,
    answered_family,
    approved_application,
    confirmed_family,
    draft_application,
    sent_application,
)
from tests.browser.people import person, student_of, visit
from tests.registry.factories import SchoolClassFactory, requested_batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_family_pages(enter, school_class):
    school = school_class.school
    teacher = teacher_of(school_class)
    fresh = enter(family_of(student_of(school_class, 1)))
    visit(fresh, school, ["binding:tasks"], ["binding:correction"], ["accounts:password"])
    correcting = confirmed_family(student_of(school_class, 2))
    request_correction(student=correcting.student, proposed={"name": "尹怡"}, by=correcting)
    visit(enter(correcting), school, ["binding:tasks"], ["binding:confirm"])
    declined = answered_family(student_of(school_class, 3), answer="declined")
    visit(enter(declined), school, ["binding:tasks"], ["binding:consent"])
    guardian = draft_application(student_of(school_class, 4), kind=Kind.GUARDIAN, people=person(1))
    visit(
        enter(guardian.started_by), school, ["binding:apply"], ["binding:applicant", 1], ["binding:evidence"],
        ["binding:check"],
    )  # fmt: skip
    returned = sent_application(student_of(school_class, 5), kind=Kind.TWO_PARENTS)
    return_for_changes(applicant=returned.applicant_at(2), reason="手機號碼和申請書不同", revision=1, by=teacher)
    visit(
        enter(returned.started_by), school, ["binding:tasks"], ["binding:sign"], ["binding:applicant", 2],
        ["binding:sent"], ["binding:withdraw"],
    )  # fmt: skip
    approved = approved_application(teacher, student_of(school_class, 6), people=person(3))
    visit(enter(approved.started_by), school, ["binding:tasks"], ["binding:sign"], ["binding:consent"])


def test_staff_pages(enter, school_class):
    school = school_class.school
    teacher, registrar = teacher_of(school_class), registrar_of(school)
    for seat in range(1, 9):
        student_of(school_class, seat, name=f"王小{'一二三四五六七八'[seat - 1]}")
    guardian = sent_application(student_of(school_class, 21), kind=Kind.GUARDIAN, people=person(1))
    both = sent_application(student_of(school_class, 22), kind=Kind.TWO_PARENTS)
    mark_paper_form(student=guardian.student, answer="agree", by=teacher)
    mark_paper_form(student=both.student, answer="decline", by=teacher)
    approved = approved_application(teacher, student_of(school_class, 23), people=person(3))
    correcting = confirmed_family(student_of(school_class, 24))
    correction = request_correction(student=correcting.student, proposed={"name": "尹怡"}, by=correcting)
    SchoolClassFactory(school=school)

    pages = [["review:application", one.pk] for one in (guardian, both, approved)]
    visit(enter(teacher), school, ["review:class", school_class.pk], *pages)
    visit(
        enter(registrar), school, ["review:home"], ["registry:roster-list"], ["binding:corrections"],
        ["binding:correction-settle", correction.pk],
    )  # fmt: skip


def test_bad_roster_is_shown_row_by_row(enter, school_class, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("班級,座號,學號,姓名,身分證字號,出生日期,導師帳號\n301,x,1,王,A123456788,97/13/1,t1\n")
    walking = enter(registrar_of(school_class.school))
    visit(walking, school_class.school, ["registry:roster-list"])

    walking.page.get_by_label("名冊檔案").set_input_files(str(roster))
    walking.press("檢查名冊")

    walking.reads("名冊有 3 個地方要修正").reads("證號不正確")


def test_a_roster_is_looked_at_before_it_is_applied(enter, school_class):
    school = school_class.school
    walking = enter(registrar_of(school))
    student_of(school_class, 40)
    visit(walking, school, ["registry:roster-list"])

    roster = settings.BASE_DIR / "registry" / "demo" / "roster.csv"
    walking.page.get_by_label("名冊檔案").set_input_files(str(roster))
    walking.page.get_by_label("名冊裡有新的班級").check()
    walking.press("檢查名冊")

    walking.reads("待確認").reads("90\n新增")
    walking.press("確認匯入").reads("已匯入")


def test_paper_forms_are_printed_and_come_back(enter, school_class):
    school = school_class.school
    registrar = registrar_of(school)
    for name in ("302", "303", "304", "305"):
        student_of(SchoolClassFactory(school=school, name=name), 1)
    student = student_of(school_class, 8)
    requested_batch(school, by=registrar, classes=[school_class])
    failed = batches.begin(PaperFormBatch, pk=requested_batch(school, by=registrar, language="vi").pk)
    batches.finish(batch=failed, data=None)
    walking = enter(registrar)
    visit(walking, school, ["registry:forms"])

    walking.press("製作選取的班級").reads("請至少選取一個班級")
    walking.tick("301（1 人）").tick("302（1 人）").press("製作選取的班級").reads("等待製作").reads("0 / 2")
    printing.set_batch.func(PaperFormBatch.objects.first().pk)
    walking.page.get_by_role("link", name="下載（ZIP，每班一個 PDF）").wait_for(timeout=10_000)
    walking.look().follow("回申請書").reads("可以下載").to_tab("申請書", "學生與班級")
    visit(walking, school, ["registry:forms-batch", PaperFormBatch.objects.get(state="failed").pk])

    teaching = enter(teacher_of(school_class))
    visit(teaching, school, ["review:paper-form", code_for(student)])
    teaching.press("同意").reads("已經登記了")


def test_launcher_and_doors(enter, school_class, walker):
    registrar = registrar_of(school_class.school)
    enter(sso_parent(by=registrar)).open(reverse("binding:sso-home"))
    anonymous = walker()
    for name in ("accounts:home", "accounts:city-login", "accounts:sso-login"):
        anonymous.open(reverse(name))
    anonymous.open("/nosuch/")
    anonymous.open(reverse("accounts:sso-login"))
    anonymous.fill("電子郵件", "bob@example.com").fill("密碼", "wrong").press("登入").reads("帳號或密碼不正確")


def test_english_pages(walker, school_class):
    walking = walker()
    walking.open(reverse("accounts:school", args=[school_class.school.slug])).press("English")
    walking.open(reverse("accounts:login", args=[school_class.school.slug])).reads("Family account")
