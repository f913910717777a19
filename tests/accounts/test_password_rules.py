"""What a new password may not be, what it is compared with, and what is said of its strength."""

from datetime import date

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import common_passwords, strength
from accounts.hashers import LoginHasher
from tests.accounts.factories import family_of, registrar_of, sso_parent, teacher_of
from tests.binding.factories import approved_application
from tests.registry.factories import SchoolFactory, StudentFactory

HASHERS = ["accounts.hashers.LoginHasher"]


def problems(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return {one.code for one in refused.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password!2345",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "woaini5201314",
        "ji32k7au4a83",
        "2008年5月3日2008",
        "0912345678!!",
        "taipei 2026 taipei",
        "我愛你我愛你我愛你我愛你",
        "ｐａｓｓｗｏｒｄ１２３４",
    ],
)
def test_what_many_take_is_refused(password):
    assert "password_too_common" in problems(password)


@pytest.mark.parametrize(
    "password",
    [
        "seven blue lanterns",
        "淡水的夕陽很好看我們去騎腳踏車",
        "a slow boat to Tamsui",
        "correct horse battery staple",
        "Tr0ub4dor & the 3 lamps",
        " leading and trailing ",
        "ÅngstrømÉtudeñandú",
    ],
)
def test_sentences_are_welcome(password):
    assert not problems(password)


def test_length_is_of_the_form_that_is_hashed():
    """One ligature becomes several letters, several code points one: neither gets around a limit."""
    assert "password_too_long" in problems("ﷺ" * 20)
    assert "password_too_short" in problems("e\u0301" * 6)


class TestOwnData:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize(
        "written", ["20170503", "1060503", "10653", "2017-05-03", "106年5月3日", "201753", "106/05/03"]
    )
    def test_birth_date_in_any_writing(self, written):
        user = family_of(StudentFactory(birth_on=date(2017, 5, 3)))

        assert "password_of_own_data" in problems(f"lantern {written} harbour", user)

    @pytest.mark.parametrize("written", ["A123456789", "a123456789", "Ａ１２３４５６７８９", "456789", "4567 89"])
    def test_identity_number_and_its_end(self, written):
        user = family_of(StudentFactory(identity_number="A123456789"))

        assert "password_of_own_data" in problems(f"lantern {written} harbour", user)

    def test_of_a_parent(self):
        parent = sso_parent(by=registrar_of(SchoolFactory()), email="meiling.wang@example.com")
        number = parent.sso_account.identity_number

        for known in (number, number[-6:], "0912345678", "0912-345-678", "meiling.wang", "王大明"):
            assert "password_of_own_data" in problems(f"lantern {known} harbour", parent), known

    def test_of_a_parents_children(self):
        student = StudentFactory()
        teacher = teacher_of(student.school_class)
        binding = approved_application(student=student, teacher=teacher).applicants.get().binding
        parent = binding.account.user

        for known in (student.name, student.student_number, f"{student.birth_on:%Y%m%d}"):
            assert "password_of_own_data" in problems(f"lantern {known} harbour", parent), known

    def test_of_staff(self):
        user = registrar_of(SchoolFactory())

        assert "password_of_own_data" in problems("the registrar of lanterns", user)
        assert not problems("seven blue lanterns", user)


class TestHashes:
    @pytest.fixture(autouse=True)
    def argon2(self, settings):
        settings.PASSWORD_HASHERS = HASHERS

    def test_do_not_depend_on_the_keyboard(self):
        kept = make_password("ｃａｆｅ\u0301　au lait")

        assert kept.startswith("argon2nfkc$argon2id$")
        assert check_password("café au lait", kept)
        assert not check_password("cafe au lait", kept)

    def test_need_no_second_replacement(self):
        assert not LoginHasher().must_update(make_password("seven blue lanterns"))


class TestStrength:
    @pytest.mark.parametrize(
        ("password", "level"),
        [
            ("short", 0),
            ("aaaaaaaaaaaaaaa", 1),
            ("abcdefghijklmnop", 1),
            ("seven blue", 0),
            ("blue lanterns", 2),
            ("seven blue lanterns over Tamsui", 3),
            ("淡水的夕陽很好看我們去騎腳踏車", 3),
        ],
    )
    def test_is_one_of_four_words(self, password, level):
        assert strength.level_of(password, None) == level
        assert strength.words_for(password, None) == strength.WORDS[level]

    def test_repetition_adds_nothing(self):
        assert strength.surprises("lantern" * 5) <= strength.surprises("lantern") + 1


def test_what_is_left_of_a_long_password_is_found_quickly():
    """The longest that is let in must not keep a worker busy."""
    assert len(common_passwords.what_is_left("ab1" * 42)) < 10


class TestOwnNumber:
    """In whatever writing, whole or in part: school and class know it."""

    NUMBER = "A123456789"

    @pytest.fixture(params=["family", "parent", "child"])
    def user(self, request, db):
        if request.param == "family":
            return family_of(StudentFactory(identity_number=self.NUMBER))
        if request.param == "parent":
            return sso_parent(by=registrar_of(SchoolFactory()), number=self.NUMBER)
        school_class = StudentFactory(identity_number=self.NUMBER).school_class
        teacher = teacher_of(school_class)
        application = approved_application(teacher, school_class.students.get())
        return application.applicants.get().binding.account.user

    @pytest.mark.parametrize(
        "password",
        [
            "A123456789 lanterns",
            "a12345678 blue lanterns",  # without its check digit
            "blue 987654321A lantern",
            "blue 987654321a lantern",
            "lantern 87654321 blue",
            "Ａ１２３４５６７８ lantern",
            "blue A-12 345.678 lantern",
            "lantern_A_1_2_3_4_5_blue",
            "blue 456789 lantern",  # the last six
            "A\u200b12345 seven lanterns",
            "seven lanterns 3456789",
        ],
    )
    def test_is_refused(self, user, password):
        assert "password_of_own_data" in problems(password, user)

    @pytest.mark.parametrize("password", ["seven blue lanterns", "lantern A1234 quietly", "lantern 45678 quietly"])
    def test_what_only_looks_a_little_like_it_is_taken(self, user, password):
        assert "password_of_own_data" not in problems(password, user)


@pytest.mark.parametrize("written", ["A123456789 lantern", "lantern a-123 456 789", "Ａ１２３４５６７８９ lantern"])
def test_nobodys_whole_number_is_a_password(written, db):
    """Of a husband, of a brother or sister, of the member of staff: whose it is need not be known."""
    assert "password_of_own_data" in problems(written, registrar_of(SchoolFactory()))
