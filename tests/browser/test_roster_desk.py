"""A roster that has to be asked about: its columns are chosen, its errors mended in the own file, its gaps looked at."""

import pytest
from django.urls import reverse

from registry.models import RosterImport, Student
from registry.roster import import_roster
from tests.accounts.factories import registrar_of
from tests.registry.factories import SchoolFactory, make_identity
from tests.registry.roster_files import file_of, row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school():
    school = SchoolFactory(name="臺北市立二代高級中學")
    classes = ((name, place * 100 + seat, seat) for place, name in enumerate(("301", "302")) for seat in range(1, 13))
    rows = [row(n, **{"class": name, "seat": seat, "teacher": f"t{name}"}) for name, n, seat in classes]
    import_roster(school=school, data=file_of(*rows))
    return school


def test_from_unknown_titles_to_the_written_registry(enter, school, tmp_path):
    walking = enter(registrar_of(school))
    lines = [f"{seat},1063{seat:04d},王小明,{make_identity(seat)},97/05/03" for seat in range(1, 10)]
    lines[0] = lines[0].replace("1,", "x,", 1)
    lines.append(f"12,10639999,陳新生,{make_identity(500)},97/08/08")
    titles = "座次,學籍號,學生全名,證件,誕辰"
    file = tmp_path / "301班名冊.csv"
    file.write_text("\n".join(["臺北市立二代高級中學 301班 學生名冊", titles, *lines]))

    walking.open(reverse("registry:roster-list", args=[school.slug]))
    walking.page.get_by_text("選擇名冊裡的班級").click()
    walking.look()
    walking.page.get_by_label("名冊檔案").set_input_files(str(file))
    walking.press("檢查名冊").reads("請先選擇檔案裡每一欄是什麼")
    walking.follow("對應欄位").reads("王小明")
    for title, column in zip(titles.split(","), ["座號", "學號", "姓名", "身分證字號", "出生日期"], strict=True):
        walking.page.get_by_label(title, exact=True).select_option(label=column)
    walking.press("照這樣檢查名冊").reads("座號應該是 1 到 99 的數字")
    with walking.page.expect_download() as download:
        walking.page.get_by_role("button", name="下載標好的原檔（Excel）").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    file.write_text(file.read_text().replace("\nx,", "\n1,"))
    walking.page.get_by_label("名冊檔案").set_input_files(str(file))
    walking.press("重新上傳").reads("全校在學 24 人，名冊中沒有其中 15 人").reads("座號會讓給名冊上的學生")
    walking.page.get_by_text("名冊範圍：全校").click()
    walking.page.get_by_label("只有部分班級（其他班級的學生不受影響）").check()
    walking.press("重新比對").reads("未列於名冊")
    walking.page.get_by_text("各班人數").first.click()
    walking.look()
    for box in walking.page.get_by_role("checkbox").all():
        if "已核對" in (box.evaluate("one => one.labels[0].textContent") or ""):
            box.check()
    walking.press("確認匯入").reads("名冊已匯入")

    assert RosterImport.objects.first().counts["new"] == 1
    assert Student.objects.get(name="陳新生").seat_number == 12


def test_many_who_are_missing_are_decided_at_once(enter, school):
    registrar = registrar_of(school)
    rows = [row(seat, **{"class": "301", "seat": seat, "teacher": "t301"}) for seat in range(1, 4)]
    import_roster(school=school, data=file_of(*rows), confirmed=True, by=registrar)
    walking = enter(registrar)

    walking.open(reverse("registry:moves", args=[school.slug])).reads("待處理（21 人）")
    walking.tick("勾選這一頁的全部學生")
    walking.press("處理勾選的學生").reads("21 位學生")
    walking.tick("仍在本校（不更動學籍）")
    walking.press("確定處理 21 位學生").reads("已處理 21 位學生").reads("沒有待處理的學生")
