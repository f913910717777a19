"""The paper forms as they come out of the printer: read with poppler, scanned with zxing."""

import datetime
import io
import re

import pytest
import zxingcpp
from django.urls import resolve
from PIL import Image

from core.printing import marks
from core.printing.glyphs import missing_in, pieces_of
from registry.models import Student
from registry.paper_forms import codes, content, texts, typesetting
from tests.registry.factories import SchoolClassFactory, SchoolFactory, StudentFactory
from tests.support.printed import LONG_SCHOOL, flat, pages_of, text_of

pytestmark = pytest.mark.django_db

RETURN_ON = datetime.date(2026, 9, 14)
RIGHT_EDGE = (210 - 17 + 0.5) / 25.4 * 72  # of the words on the page, in points


def facts(students, *, language="zh-hant"):
    return content.facts_of(students, school=students[0].school, language=language, return_on=RETURN_ON)


def scan(students, **options):
    """Every code on the first page, as a scanner at 200 dpi reads it."""
    pictures = typesetting.set_forms(facts(students, **options), format="png", ppi=200)
    picture = pictures[0] if isinstance(pictures, list) else pictures
    return {(one.format.name, one.text) for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}


@pytest.fixture
def student():
    school = SchoolFactory(slug="erdai", name="臺北市立二代高級中學")
    school_class = SchoolClassFactory(school=school, name="301", school_year=115)
    return StudentFactory(school=school, school_class=school_class, seat_number=8, student_number="10630008")


class TestPage:
    def test_says_whose_it_is_and_what_to_do(self, student):
        words = text_of(typesetting.set_forms(facts([student])))

        for expected in [
            "臺北市立二代高級中學", "親子綁定申請書", "尹書妍", "10630008", "P10630008", "同意", "不同意",
            "申請人一", "申請人二", "簽名", "學校回收用", "分機 255、256", codes.in_groups(codes.code_for(student)),
        ]:  # fmt: skip
            assert expected in words
        assert "請於115年9月14日（一）以前交給導師" in flat(words)
        assert "身分證統一編號（或居留證號碼），第一個英文字母大寫" in flat(words)

    @pytest.mark.parametrize("language", texts.LANGUAGES)
    def test_carries_no_id_number_in_any_language(self, student, language):
        words = text_of(typesetting.set_forms(facts([student], language=language)))

        assert student.identity_number not in words
        assert student.identity_number[-6:] not in words

    @pytest.mark.parametrize(
        ("language", "own"),
        [
            ("en", ["Application for parent–child binding", "Monday, 14 September 2026", "I do not agree"]),
            ("vi", ["Đơn đăng ký tài khoản phụ huynh", "thứ Hai, ngày 14/9/2026", "Tôi không đồng ý"]),
            ("id", ["Formulir permohonan akun orang tua", "Senin, 14 September 2026", "Saya tidak setuju"]),
        ],
    )
    def test_keeps_chinese_beside_the_familys_language(self, student, language, own):
        words = flat(text_of(typesetting.set_forms(facts([student], language=language))))

        for expected in [
            *own,
            "親子綁定申請書",
            "班級",
            "座號",
            "學生姓名",
            "不同意",
            "申請人二",
            "簽名",
            "學校回收用",
        ]:
            assert flat(expected) in words

    @pytest.mark.parametrize("language", texts.LANGUAGES)
    @pytest.mark.parametrize(
        "name", ["黃堃喆犇" * 15, "Nguyễn Thị Hoàng Phương Thảo Maria Josephine van der Bergen", "W" * 60, "以莉．高露"]
    )
    def test_is_one_page_whatever_the_names(self, language, name):
        school = SchoolFactory(**LONG_SCHOOL)
        school_class = SchoolClassFactory(school=school, name="綜合高中三年忠班甲乙")
        students = [
            StudentFactory(
                school=school, school_class=school_class, name=name, student_number=f"A123456789012345678{n}"
            )
            for n in range(2)
        ]

        pdf = typesetting.set_forms(facts(students, language=language))

        assert pages_of(pdf) == 2
        assert flat(name) in flat(text_of(pdf, "-raw")).replace("\u200b", "")
        assert max(map(float, re.findall(r'xMax="([\d.]+)"', text_of(pdf, "-bbox")))) <= RIGHT_EDGE

    def test_a_class_has_a_page_each_in_seating_order(self, student):
        others = [
            StudentFactory(school=student.school, school_class=student.school_class, name=name)
            for name in ["李小華", "王大明"]
        ]

        words = text_of(typesetting.set_forms(facts([student, *others])))

        assert [page.count("親子綁定申請書") for page in words.split("\f")[:-1]] == [1, 1, 1]
        assert words.index("尹書妍") < words.index("李小華") < words.index("王大明")

    def test_uses_every_letter_of_vietnamese_and_rare_names(self):
        letters = "ăâđêôơưàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ"

        assert not missing_in(letters + letters.upper() + "堃喆犇龘垚燊峯．·")

    @pytest.mark.parametrize("language", texts.LANGUAGES)
    def test_has_all_the_characters_of_its_own_words(self, language):
        assert not missing_in(str(texts.words(language, return_on=RETURN_ON, school_year=115)))

    def test_leaves_a_box_for_what_the_font_does_not_have(self, student):
        student.name = "陳𠮷安"

        words = flat(text_of(typesetting.set_forms(facts([student]))))

        assert missing_in(student.name) == {"𠮷"}
        assert pieces_of(student.name) == ["陳", None, "安"]
        assert "空格是印不出來的字，請手寫" in words
        assert "陳安" in words

    @pytest.mark.parametrize(
        ("name", "printed"),
        [
            ("Pasʉya Niahosa", "Pasʉya Niahosa"),
            ("Tɨngɨ", "Tɨngɨ"),
            ("Nguye\u0302\u0303n Thi\u0323 Hoa", "Nguy\u1ec5n Th\u1ecb Hoa"),
            ("Lo\u0331ngay", "Lo\u0331ngay"),
            ("Khóo Tâi-o\u0358k", "Khóo Tâi-o\u0358k"),
            ("葛\U000e0100城", "葛城"),
        ],
    )
    def test_prints_every_letter_with_its_marks(self, student, name, printed):
        student.name = name

        words = text_of(typesetting.set_forms(facts([student])))

        assert None not in pieces_of(name)
        assert flat(printed) in flat(words)

    def test_a_character_that_no_font_has_is_marked_outside_of_names(self, student):
        student.school.name = "臺北市立𠮷祥國中"

        words = flat(text_of(typesetting.set_forms(facts([student]))))

        assert "臺北市立〓祥國中" in words

    @pytest.mark.parametrize("words", ['#panic("x")', "*_`$\\", "<b>“\"'{}[]", "{account}", "a*b*c"])
    def test_a_name_is_only_ever_a_name(self, student, words):
        student.name = student.school.name = words

        assert flat(words) in flat(text_of(typesetting.set_forms(facts([student]))))


class TestScanning:
    @pytest.mark.parametrize("language", texts.LANGUAGES)
    def test_reads_both_qr_codes_and_the_bars(self, student, settings, language):
        settings.SITE_URL = "https://binding.tp.edu.tw"
        code = codes.code_for(student)

        assert scan([student], language=language) == {
            ("QRCode", "https://binding.tp.edu.tw/erdai/login/?account=P10630008"),
            ("QRCode", f"https://binding.tp.edu.tw/erdai/review/paper/{code}/"),
            ("Code128", code),
        }

    def test_reads_the_longest_addresses(self, settings):
        settings.SITE_URL = "https://parent-child-binding.department-of-education.taipei.gov.tw"
        school = SchoolFactory(**LONG_SCHOOL)
        student = StudentFactory(school=school, student_number="A1234567890123456789")

        addresses = {text for kind, text in scan([student]) if kind == "QRCode"}

        assert len(addresses) == 2
        assert f"{settings.SITE_URL}/{school.slug}/login/?account=PA1234567890123456789" in addresses

    def test_the_address_opens_the_page_that_registers(self, student):
        address = next(text for kind, text in scan([student]) if "/review/" in text)

        found = resolve("/" + address.split("/", 3)[3])

        assert found.view_name == "review:paper-form"
        assert codes.student_for(found.kwargs["code"], student.school) == student

    def test_every_printable_character_stands_in_code_128(self):
        for text in ["".join(map(chr, range(32, 80))), "".join(map(chr, range(80, 127))), "07KQ3M9TXW42"]:
            bars = marks.bars_svg(text)
            dark = [(int(x), int(x) + int(width)) for x, width in re.findall(r"M(\d+) 0h(\d+)", bars)]
            picture = Image.new("L", (dark[-1][1] * 2 + 40, 60), 255)
            for start, end in dark:
                picture.paste(0, (start * 2 + 20, 5, end * 2 + 20, 55))

            assert [one.text for one in zxingcpp.read_barcodes(picture)] == [text]

    def test_code_128_refuses_what_it_cannot_hold(self):
        with pytest.raises(ValueError, match="ASCII"):
            marks.bars_svg("é")


class TestCode:
    def test_finds_its_student(self, student):
        code = codes.code_for(student)

        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", code)
        assert codes.student_for(code, student.school) == student

    @pytest.mark.parametrize(
        "typed",
        [
            "{lower}", " {grouped} ", "{spaced}", "{wide}", "{dashed}", "{confused}",
            "https://example.com/erdai/review/paper/{code}/", "/erdai/review/paper/{lower}",
            "https://example.com/x/review/paper/{grouped}/?a=1#b",
        ],
    )  # fmt: skip
    def test_is_read_as_people_and_scanners_give_it(self, student, typed):
        code = codes.code_for(student)
        forms = {
            "code": code,
            "lower": code.lower(),
            "grouped": codes.in_groups(code),
            "spaced": " ".join(code),
            "wide": "".join(chr(ord(one) + 0xFEE0) for one in code),
            "dashed": "–".join(code),
            "confused": code.replace("0", "o").replace("1", "l"),
        }

        assert codes.student_for(typed.format(**forms), student.school) == student

    def test_reads_zero_and_one_however_they_look(self):
        assert codes.tidy("oOiIlL-01") == "00111101"

    def test_of_another_student_or_altered_does_not_fit(self, student):
        other = StudentFactory(school=student.school, school_class=student.school_class)
        key, mac = codes.code_for(student)[:-8], codes.code_for(student)[-8:]
        forged = [
            codes.code_for(other)[:-8] + mac,
            *(key + mac[:n] + ("0" if mac[n] != "0" else "1") + mac[n + 1 :] for n in range(8)),
        ]

        assert [codes.student_for(one, student.school) for one in forged] == [None] * 9

    @pytest.mark.parametrize(
        "typed",
        ["", "-", "0", "\0" * 12, "ZZZZZZZZZZZZ", "Z" * 20, "Z" * 5000, "UUUUUUUUUUUU", "中文" * 6, "%", "٣" * 12],
    )
    def test_nonsense_does_not_fit(self, student, typed):
        assert codes.student_for(typed, student.school) is None

    def test_fits_at_its_own_school_only(self, student):
        assert codes.student_for(codes.code_for(student), SchoolFactory()) is None

    def test_of_last_year_does_not_fit(self, student):
        code = codes.code_for(student)

        student.school_class = SchoolClassFactory(school=student.school, name="401", school_year=116)
        student.save()

        assert codes.student_for(code, student.school) is None

    def test_needs_the_secret_key_and_survives_its_rotation(self, student, settings):
        code = codes.code_for(student)
        old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the same school"

        assert codes.student_for(code, student.school) is None
        settings.SECRET_KEY_FALLBACKS = [old]
        assert codes.student_for(code, student.school) == student

    @pytest.mark.parametrize("key", [1, 31, 32, 32**4 - 1, 32**4, 2**40])
    def test_holds_any_key(self, student, key):
        Student.objects.filter(pk=student.pk).update(id=key)
        moved = Student.objects.select_related("school_class").get(pk=key)

        assert codes.student_for(codes.code_for(moved), student.school) == moved
