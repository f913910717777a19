"""The blank 委託照顧書 as PDF: Chinese, which the registrar reads, beside the family's language. It holds no data."""

from functools import cache
from pathlib import Path
from threading import Lock

from binding.models import Delegation
from config.help.mandate.texts import CHINESE, OWN
from core.printing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "mandate.typ"
LANGUAGES = {"zh-hant": "中文", "en": "English", "vi": "Tiếng Việt", "id": "Bahasa Indonesia"}
YEARS = Delegation.YEARS
_one_at_a_time = Lock()


def blank(language: str) -> bytes:
    """The form in one of LANGUAGES; set once a process. Raises `core.printing.typesetting.NotSet`."""
    with _one_at_a_time:
        return _set(language)


@cache
def _set(language: str) -> bytes:
    words = {"zh": CHINESE, "own": OWN.get(language, {}), "language": language}
    made: bytes = typeset(TEMPLATE, words, format="pdf")
    return made
