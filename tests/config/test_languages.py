"""Each language is whole: all texts are there, with the values they are given, and pages and mails speak one tongue."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField
from django.test import Client
from django.utils import translation

from config.families_texts import is_families
from config.mail_samples import samples
from tests.support.world import OPEN, address_of, client_of

FOLDER = Path(settings.BASE_DIR) / "config" / "locale"
FURTHER = [code for code, _name in settings.LANGUAGES if code not in settings.STAFF_LANGUAGES]
FOREIGN = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# Words that stand on the school's own papers and signs: a reader shows them to somebody (docs/glossary.md).
# Staff's own, and the payment company's pages of the demo.
OF_OTHERS = ("staff:", "accounts:staff-", "accounts:city-", "billing:sandbox-", "notifications:", "mail")
SHOWN_TO_SOMEBODY = re.compile(
    r"身分證|居留證|中華民國統一證號基資表|統一證號|註冊組|出納組|四聯單|臺北酷課雲|酷課雲|家長|確認學生相關資訊|申辦親子帳號"
    r"|同意簽署回傳|正體中文|護照|親子綁定|代碼繳費|轉帳|繳費|悠遊卡股份有限公司|悠遊付"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|(?<!\$)\{\w+\}")


def catalogue_of(language):
    with (FOLDER / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def forms_of(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def sources_of(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize("language", FOREIGN)
def test_no_text_waits_for_its_translation(language):
    catalogue = catalogue_of(language)

    assert [one.id for one in catalogue if one.id and (one.fuzzy or not all(forms_of(one)))] == []
    plurals = {len(forms_of(one)) for one in catalogue if not isinstance(one.id, str)}
    assert plurals == {catalogue.num_plurals}


@pytest.mark.parametrize("language", FURTHER)
def test_a_further_language_has_what_families_read(language):
    def key(message):
        return message.context, message.id

    families = {
        key(one) for one in catalogue_of("en") if one.id and is_families([place for place, _line in one.locations])
    }

    assert families == {key(one) for one in catalogue_of(language) if one.id}, "run `make catalogue`"


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_takes_the_same_values(language):
    wrong = []
    for one in catalogue_of(language):
        if one.id:
            wanted = {placeholder for source in sources_of(one) for placeholder in PLACEHOLDER.findall(source)}
            for form in forms_of(one):
                if set(PLACEHOLDER.findall(form)) != wanted and not _counts_in_words(one, form, wanted):
                    wrong.append((one.id, form))

    assert wrong == []


def _counts_in_words(message, form, wanted):
    """`1 day left` may leave the number out where the language has a form for one alone."""
    left_out = wanted - set(PLACEHOLDER.findall(form))
    return form == forms_of(message)[0] and len(forms_of(message)) > 1 and len(left_out) == 1


@pytest.mark.parametrize("language", FURTHER)
def test_a_translation_has_no_chinese_in_it(language):
    wrong = [
        form
        for one in catalogue_of(language)
        if one.id
        for form in forms_of(one)
        if HAN.search(SHOWN_TO_SOMEBODY.sub("", form)) or re.search("[（）：，。；？！「」]", form)
    ]

    assert wrong == []


class _Texts(HTMLParser):
    """What a page shows and reads aloud, but for what it marks as Chinese."""

    VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}
    SPOKEN = {"alt", "aria-label", "content", "placeholder", "title", "value"}

    def __init__(self):
        super().__init__()
        self.texts, self.open = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        is_chinese = attrs["lang"].startswith("zh") if attrs.get("lang") else self.is_chinese
        if not is_chinese and tag not in ("script", "style"):
            kept = attrs.get("type") not in ("hidden", "radio", "checkbox") and attrs.get("name") != "language"
            names = self.SPOKEN if kept else self.SPOKEN - {"value"}
            self.texts += [attrs[name] for name in names if attrs.get(name)]
        if tag not in self.VOID:
            self.open.append((tag, is_chinese))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    @property
    def is_chinese(self):
        return bool(self.open) and self.open[-1][1]

    def handle_data(self, data):
        if not self.is_chinese:
            self.texts.append(data)


def chinese_in(html, known):
    """Runs of Han that are neither marked as Chinese nor words of people or schools (`known`)."""
    page = _Texts()
    page.feed(html)
    left = []
    for text in page.texts:
        for word in known:
            text = text.replace(word, "")
        left += HAN.findall(SHOWN_TO_SOMEBODY.sub("", text))
    return left


def words_in_database():
    """What people and schools wrote: names, classes, titles. Longest first."""
    found = set()
    for model in apps.get_models():
        fields = [one.attname for one in model._meta.concrete_fields if isinstance(one, CharField | TextField)]
        for row in model.objects.values_list(*fields) if fields else []:
            found |= {value for value in row if isinstance(value, str) and HAN.search(value)}
    masked = {name[0] + "〇" + name[2:] for name in found if 2 <= len(name) <= 4} | {
        name[0] + "〇" for name in found if len(name) == 2
    }
    return sorted(found | masked, key=len, reverse=True)


@pytest.mark.django_db
@pytest.mark.parametrize("language", FURTHER)
def test_a_page_of_families_speaks_one_language(world, language):
    known = words_in_database()
    wrong = set()
    for role in ("family", "parent", None):
        client = client_of(world["people"][role]) if role else Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        world["client"] = client
        for name, allowed in OPEN.items():
            if (role or "anonymous") in allowed and not name.startswith(OF_OTHERS):
                response = client.get(address_of(name, world), follow=role is None)
                if "text/html" in response.get("Content-Type", "") and not response.streaming:
                    for words in chinese_in(response.content.decode(), known):
                        wrong.add(f"{name}: {words}")

    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("language", FURTHER)
def test_a_mail_to_families_speaks_one_language(language):
    wrong = []
    for message in samples(language):
        if message.kind.startswith("staff-"):
            continue
        with translation.override(language):
            text = "\n".join([message.subject, message.text])
        for word in (
            "臺北市立二代高級中學",
            "二代高中",
            "尹心妍",
            "尹〇妍",
            "尹大明",
            "林老師",
            "陳阿玉",
            "來校辦理",
            "115學年度第一學期學雜費",
            "115 學年度第一學期學雜費",
            "學雜費",
        ):
            text = text.replace(word, "")
        wrong += [(message.kind, words) for words in HAN.findall(SHOWN_TO_SOMEBODY.sub("", text))]

    assert not wrong, "\n".join(sorted(map(str, set(wrong))))


@pytest.mark.django_db
def test_a_desk_keeps_to_the_languages_of_staff(world):
    client = client_of(world["people"]["teacher"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = FURTHER[0]

    page = client.get(address_of("review:class", world)).content.decode()

    assert '<html lang="zh-Hant"' in page
    assert 'value="en"' in page
    assert f'value="{FURTHER[0]}"' not in page
