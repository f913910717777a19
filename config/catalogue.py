"""Texts of the admin site's own templates, for Babel, which knows no templates of Django (config/locale/babel.cfg)."""

from collections.abc import Collection, Iterator
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def admin_texts(
    file: IO[bytes], keywords: Any, comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """What Django's makemessages makes of a template is Python to an extractor."""
    source = templatize(file.read().decode())
    yield from extract_python(BytesIO(source.encode()), keywords, comment_tags, options)  # type: ignore[misc]
