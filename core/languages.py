"""Which language the reader reads, where a text is more than its translation."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation


def speaks_chinese() -> bool:
    """Whether the page or mail being written is Chinese; without a language it is."""
    return (translation.get_language() or "zh").startswith("zh")


def in_chinese() -> translation.override:
    """A block that writes Chinese, whoever asked: for papers that have no other language."""
    return translation.override(settings.LANGUAGE_CODE)


def comma() -> str:
    """What stands between the parts of a list: 、 in Chinese, a comma and a space elsewhere."""
    return "、" if speaks_chinese() else ", "


def joined(words: Iterable[object]) -> str:
    """A list as the language writes one: 手機、電子郵件; mobile number, email."""
    return comma().join(map(str, words))


def facts(words: Iterable[object]) -> str:
    """What is said of one thing, from the nearest on: 待審核，尹心妍，301 班 5 號."""
    return ("，" if speaks_chinese() else ", ").join(map(str, words))


def in_a_row(sentences: Iterable[object]) -> str:
    """Short sentences one behind the other: 修改手機；確認原來的姓名正確."""
    return ("；" if speaks_chinese() else "; ").join(map(str, sentences))


def labelled(label: object) -> str:
    """What stands before a value: 原因： in Chinese, reason: with a space elsewhere."""
    return f"{label}：" if speaks_chinese() else f"{label}: "


def bracketed(text: object) -> str:
    """What stands behind a name: （父親） in Chinese, a space and (father) elsewhere."""
    return f"（{text}）" if speaks_chinese() else f" ({text})"
