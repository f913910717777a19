"""What a reader sees of a page, without tags: tokens and seals in attributes hold any short run of letters by chance."""

import html
import re


def words_of(page):
    """The words of a page in one line. `page`: a response, or its HTML."""
    text = page if isinstance(page, str) else page.content.decode()
    seen = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", seen)).split())


def without_addresses(text):
    """A mail's text without its links, whose tokens hold any short run of letters by chance."""
    return re.sub(r"https?://\S+", "", text)
