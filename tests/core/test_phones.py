"""Telephone numbers: read as people write them, written for readers and for what dials."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import conditional_escape

from core.phones import Contact, Phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("23216256 分機 255、256", "02-2321-6256#255,256"),
        ("23216256#256", "02-2321-6256#256"),
        ("(02)2321-6256 轉 235", "02-2321-6256#235"),
        ("+886 2 2321 6256 ext. 222", "02-2321-6256#222"),
        ("０２－２３２１－６２５６＃２５５，２５６", "02-2321-6256#255,256"),
        ("02-2321-6256,255", "02-2321-6256#255"),
        ("03-425-1234", "03-425-1234"),
        ("037-123456", "037-12-3456"),
        ("0912-345-678", "0912-345-678"),
        ("1999", "1999"),
    ],
)
def test_reads_what_people_write(typed, kept):
    assert Phone.parse(typed).kept == kept


@pytest.mark.parametrize("typed", ["網路中心", "2321", "02-2321-6256 分機 註冊組", "12345678901234", "A123456789"])
def test_refuses_what_is_no_number(typed):
    with pytest.raises(ValidationError):
        Phone.parse(typed)


def test_each_language_writes_its_own_words():
    phone = Phone.parse("23216256#255,256")

    assert str(phone) == "02-2321-6256 分機 255、256"
    with translation.override("en"):
        assert str(phone) == "02-2321-6256 ext. 255, 256"


def test_a_page_can_be_tapped_once_for_each_extension():
    page = conditional_escape(Contact("網路中心", Phone.parse("23216256#255,256")))

    assert page.startswith("網路中心 <a")
    assert 'href="tel:+886-2-2321-6256,255"' in page
    assert 'href="tel:+886-2-2321-6256,256"' in page


def test_a_short_number_is_dialled_as_it_is():
    assert Phone.parse("1999").dialled() == "1999"
