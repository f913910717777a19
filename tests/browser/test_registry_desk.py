"""The registrar's pages in a browser, on phone and desk; the import from upload to the written registry."""

import subprocess

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from python_calamine import load_workbook

from binding.actions.confirmation import request_correction
from config.synthetic_city.families import make_families
from config.synthetic_city.people import People
from config.synthetic_city.school import make_school
from registry import status_changes
from registry.models import RosterImport, SchoolClass, Student
from registry.roster import import_roster
from tests.accounts.factories import PASSWORD
from tests.binding.factories import confirmed_family
from tests.browser.people import visit
from tests.registry.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school():
    """A synthetic school of three classes."""
    people = People(5)
    stored = make_password(PASSWORD)
    school = make_school(2, people, students=36, class_size=12, password=stored)
    make_families(school, people, count=16, password=stored)
    return school


@pytest.fixture
def registrar(school):
    return school.users.get(account="registrar")


def test_every_page_of_the_desk(enter, school, registrar):
    student, other, third = Student.objects.enrolled().filter(school=school)[:3]
    status_changes.change_status(student=other, status="on_leave", by=registrar, note="出國一年")
    status_changes.change_status(
        student=third, status="transferring", transfer_to=StudentFactory().school, by=registrar
    )
    StudentFactory(status="transferring", transfer_to=school, name="張轉入")
    roster = (settings.BASE_DIR / "registry" / "demo" / "roster.csv").read_bytes()
    import_roster(school=school, data=roster, name="115學年度名冊.csv", by=registrar)
    correction = request_correction(
        student=student, proposed={"name": "尹怡", "seat_number": "7"}, by=confirmed_family(student)
    )
    walking = enter(registrar)

    visit(
        walking, school, ["registry:students"], ["registry:student", other.pk], ["registry:student-edit", student.pk],
        ["registry:student-status", student.pk], ["registry:student-status", other.pk], ["registry:moves"],
        ["registry:arrival", Student.objects.get(name="張轉入").pk], ["registry:classes"],
        ["registry:class", SchoolClass.objects.filter(school=school).first().pk], ["registry:promotion"],
        ["registry:roster-list"], ["registry:roster", RosterImport.objects.first().pk],
        ["binding:corrections"], ["binding:correction-settle", correction.pk],
    )  # fmt: skip


def test_the_list_narrows_as_one_types_and_an_id_number_is_never_sent(enter, school, registrar):
    walking = enter(registrar)
    sent = []
    walking.page.on("request", lambda request: sent.append(request.url))
    visit(walking, school, ["registry:students"])
    student = Student.objects.enrolled().filter(school=school).last()
    same_name = Student.objects.enrolled().filter(school=school, name=student.name)

    walking.page.get_by_label("學號、姓名或班級").press_sequentially(student.name, delay=20)
    walking.page.get_by_text(f"共 {len(same_name)} 筆").wait_for()
    walking.reads(student.student_number)
    walking.page.get_by_label("學號、姓名或班級").fill("")
    walking.page.get_by_label("學號、姓名或班級").press_sequentially("A123456789", delay=20)
    walking.page.wait_for_timeout(500)

    assert not [address for address in sent if "A12" in address]


def test_head_and_tabs_stay_where_they_are_from_page_to_page(enter, school, registrar):
    walking = enter(registrar)
    student = Student.objects.enrolled().filter(school=school).first()
    walking.page.set_viewport_size({"width": 1280, "height": 900})
    seen = []
    for name, *more in (["registry:students"], ["registry:student-edit", student.pk], ["binding:delegate", student.pk]):
        walking.open(reverse(name, args=[school.slug, *more]))
        tab = walking.page.locator(".tabs a").first
        seen.append((tab.bounding_box(), tab.evaluate("one => getComputedStyle(one).fontSize")))

    assert seen[0] == seen[1] == seen[2]


def test_a_promotion_is_looked_at_before_it_is_done(enter, school, registrar):
    walking = enter(registrar)
    visit(walking, school, ["registry:promotion"])

    walking.press("預覽結果").reads("確認後會這樣做")
    walking.page.get_by_label("我知道畢業學生的家長綁定會立即終止").check()
    walking.press("確認升級").reads("升級完成")


def test_from_the_spreadsheet_to_the_printed_form(enter, school, registrar, tmp_path):
    """Import, look, apply, print: the morning of a registrar."""
    walking = enter(registrar)
    visit(walking, school, ["registry:roster-list"])
    with walking.page.expect_download() as download:
        walking.page.get_by_role("button", name="下載目前的名冊（Excel）").click()
    roster = tmp_path / "roster.xlsx"
    download.value.save_as(roster)
    rows = load_workbook(str(roster)).get_sheet_by_index(0).to_python()
    first, last = rows[1], rows.pop()
    first[3] = "改名字"
    changed = tmp_path / "mended.csv"
    changed.write_text("\n".join(",".join(map(str, row)) for row in rows))

    visit(walking, school, ["registry:roster-list"])
    walking.page.get_by_label("名冊檔案").set_input_files(str(changed))
    walking.press("檢查名冊").reads("待確認").follow("更新 1").reads("改名字")
    walking.press("確認匯入").reads("已匯入").reads("復原這次匯入")
    walking.to_tab("異動", "名冊與異動").reads("待處理（1 人）").reads(last[2])
    walking.press(f"仍在本校 {last[3]}").reads("沒有待處理的學生")

    walking.to_tab("申請書", "學生與班級")
    walking.page.get_by_label("101（12 人）").check()
    with walking.page.expect_download() as download:
        walking.page.get_by_role("button", name="製作選取的班級").click()
    assert download.value.suggested_filename == "申請書-101-中文.pdf"
    printed = tmp_path / "forms.pdf"
    download.value.save_as(printed)
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    assert "改名字" in text
