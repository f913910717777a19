"""Sets paper forms as PDF."""

from pathlib import Path

from core.printing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "form.typ"


def set_forms(data, *, format="pdf", ppi=None):
    """The PDF of all forms in `data` (see content.facts_of), a page each; as PNG a list of pictures."""
    return typeset(TEMPLATE, data, format=format, ppi=ppi, pdf_tags=False)
