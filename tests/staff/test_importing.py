"""A list of teachers: named errors, a look, then all invited and their classes assigned."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from notifications.models import Message
from registry.models import SchoolClass
from registry.roles import Role
from staff.models import StaffImport
from tests.accounts.factories import log_in, staff
from tests.core.workbooks import error, formula, xlsx
from tests.registry.factories import SchoolClassFactory, SchoolFactory

pytestmark = pytest.mark.django_db

HEADER = "帳號,姓名,電子郵件,角色,導師班級,聯絡方式"


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def admin(client, school):
    user = staff(school, Role.SCHOOL_ADMIN, account="principal")
    log_in(client, user)
    return user


def upload(client, school, *lines, header=HEADER, data=None):
    data = data if data is not None else "\n".join([header, *lines]).encode()
    file = SimpleUploadedFile("名單.csv", data)
    return client.post(reverse("staff:staff-file", args=[school.slug]), {"file": file}, follow=True)


def decide(client, school, button="apply"):
    kept = StaffImport.objects.first()
    place = reverse("staff:staff-import", args=[school.slug, kept.pk])
    return client.post(place, {button: "1"}, follow=True)


def test_teachers_are_invited_and_their_classes_assigned(client, school, admin):
    SchoolClassFactory(school=school, name="301", homeroom="former")
    page = upload(
        client, school, "T301,林淑芬,lin@example.com,,301,分機 301", "chen,陳註冊,chen@example.com,註冊組、出納組,,"
    ).content.decode()
    assert "林淑芬" in page
    assert not Message.objects.exists()

    decide(client, school)

    assert User.objects.get(account="t301").roles == {"homeroom_teacher"}
    assert User.objects.get(account="chen").roles == {"registrar", "cashier"}
    assert Message.objects.filter(kind="staff-invited").count() == 2
    duty = SchoolClass.objects.get(name="301").homeroom
    assert (duty.account, duty.name, duty.contact) == ("t301", "林淑芬", "分機 301")
    assert StaffImport.objects.get().rows == []


def test_who_is_known_gains_roles_and_loses_none(client, school, admin):
    staff(school, Role.CASHIER, account="chen")

    upload(client, school, "chen,陳註冊,chen@example.com,註冊組,,")
    decide(client, school)

    assert User.objects.get(account="chen").roles == {"registrar", "cashier"}
    assert not Message.objects.exists()


def test_twice_is_once(client, school, admin):
    upload(client, school, "t301,林淑芬,lin@example.com,,,")
    decide(client, school)

    assert decide(client, school).status_code == 404
    assert Message.objects.count() == 1


def test_leaving_invites_nobody(client, school, admin):
    upload(client, school, "t301,林淑芬,lin@example.com,,,")

    decide(client, school, "leave")

    assert not User.objects.filter(account="t301").exists()
    assert StaffImport.objects.get().state == "left"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("林老師,林淑芬,lin@example.com,,,", "帳號"),
        ("t301,,lin@example.com,,,", "姓名"),
        ("t301,林淑芬,nobody,,,", "電子郵件"),
        ("t301,林淑芬,lin@example.com,國王,,", "角色"),
        ("t301,林淑芬,lin@example.com,,999,", "導師班級"),
        ("t301,林淑芬,lin@example.com,,,A123456789", "聯絡方式"),
        ("a123456789,林淑芬,lin@example.com,,,", "帳號"),
        ("principal,林校長,boss@example.com,註冊組,,", "帳號"),
        ("gone,林淑芬,lin@example.com,註冊組,,", "帳號"),
        ("good,林淑芬,lin@example.com,,,", "帳號"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_kept(client, school, admin, line, column):
    staff(school, Role.CASHIER, account="gone", is_active=False)
    page = upload(client, school, "good,王好,good@example.com,,,", line).content.decode()

    assert "名單有 1 個地方要修正" in page
    assert f'data-label="欄位">{column}' in page
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"a,b,c\n1,2,3", "缺少：帳號、姓名、電子郵件"),
        ("帳號,姓名\nx,王".encode(), "缺少：電子郵件"),
        (HEADER.encode(), "沒有任何教職員"),
        ("帳號,姓名,電子郵件,email\nx,王,a@b.tw,c@d.tw".encode(), "「電子郵件」出現兩次"),
        (b"PK\x03\x04 broken", "檔案不完整"),
    ],
)
def test_a_file_that_is_no_list_says_why(client, school, admin, data, words):
    assert words in upload(client, school, data=data).content.decode()


def test_excel_and_the_template(client, school, admin):
    template = client.get(reverse("staff:staff-template", args=[school.slug])).content
    assert "沒有任何教職員" in upload(client, school, data=template).content.decode()
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["t301", "林淑芬", "lin@example.com"])

    upload(client, school, data=written.getvalue())

    assert StaffImport.objects.get().rows[0]["account"] == "t301"


@pytest.mark.parametrize(
    "words",
    [
        "註冊組、出納組",
        "Registrar's office; cashier",
        "Registrar’s office、Cashier’s office",
        "registrar/cashier",
        "註冊組 出納組",
    ],
)
def test_roles_are_read_in_any_language_of_the_pages(client, school, admin, words):
    client.cookies["language"] = "en"

    upload(client, school, f"chen,陳註冊,chen@example.com,{words},,")

    assert StaffImport.objects.get().rows[0]["roles"] == ["cashier", "registrar"]


def test_a_class_gone_since_the_look_stops_the_whole_list(client, school, admin):
    school_class = SchoolClassFactory(school=school, name="301")
    upload(client, school, "t301,林淑芬,lin@example.com,,301,")
    school_class.name = "309"
    school_class.save()

    page = decide(client, school).content.decode()

    assert "301 這個班級已經不在了" in page
    assert not User.objects.filter(account="t301").exists()
    assert StaffImport.objects.get().state == "checked"


TITLES = HEADER.split(",")


def test_every_sheet_is_read_and_what_is_not_used_is_named(client, school, admin):
    data = xlsx(
        ("說明", [["請填第二張"]]),
        (
            "國中部",
            [["帳 號*", "姓名", "Email", "電子信箱2", "職稱"], ["t301", "林淑芬", "lin@example.com", "", "導師"]],
        ),
        ("高中部", [TITLES, ["t401", "王好", "wang@example.com"], ["合計", "1 人"]]),
    )

    page = upload(client, school, data=data).content.decode()

    assert [row["account"] for row in StaffImport.objects.get().rows] == ["t301", "t401"]
    for words in (
        "「國中部」工作表：1 人",
        "「說明」工作表沒有看得懂的標題，沒有讀取。",
        "「國中部」工作表的『職稱』沒有使用。",
        "「高中部」工作表第 3 列「合計 1 人」不是資料，沒有讀取。",
    ):
        assert words in page


def test_the_same_account_on_two_sheets_names_both_places(client, school, admin):
    line = ["t301", "林淑芬", "lin@example.com"]

    page = upload(client, school, data=xlsx(("甲", [TITLES, line]), ("乙", [TITLES, line]))).content.decode()

    assert "和「甲」工作表第 2 列重複。" in page
    assert "乙 2" in page


@pytest.mark.parametrize("place", range(len(TITLES)))
@pytest.mark.parametrize("cell", [error(), formula()])
def test_a_cell_nobody_can_be_sure_of_is_refused(client, school, admin, place, cell):
    line = ["t301", "林淑芬", "lin@example.com", "導師", "", "分機 301"]
    line[place] = cell

    page = upload(client, school, data=xlsx(("名單", [TITLES, line]))).content.decode()

    assert "名單有 1 個地方要修正" in page
    assert f'data-label="欄位">{TITLES[place]}' in page
    assert not StaffImport.objects.exists()
