"""Words put together as the reader's language puts them."""

import pytest
from django.utils.translation import gettext_lazy, override

from core.languages import bracketed, facts, in_a_row, joined, labelled


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-hant", ["班級、手機", "已收，5 號", "改班級；改手機", "原因：", "王大明（父親）"]),
        ("en", ["班級, 手機", "已收, 5 號", "改班級; 改手機", "原因: ", "王大明 (父親)"]),
        ("vi", ["班級, 手機", "已收, 5 號", "改班級; 改手機", "原因: ", "王大明 (父親)"]),
    ],
)
def test_each_language_has_its_own_marks(language, expected):
    with override(language):
        shown = [
            joined(["班級", "手機"]),
            facts(["已收", "5 號"]),
            in_a_row(["改班級", "改手機"]),
            labelled("原因"),
            "王大明" + bracketed("父親"),
        ]

    assert shown == expected


def test_a_list_takes_words_that_wait_for_their_language():
    words = [gettext_lazy("手機"), gettext_lazy("電子郵件")]

    with override("en"):
        assert joined(words) == "Mobile number, Email"
