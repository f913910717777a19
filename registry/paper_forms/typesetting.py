"""Sets paper forms as PDF."""

from registry.typesetting import FOLDER, typeset


def set_forms(data, *, format="pdf", ppi=None):
    """The PDF of all forms in `data` (see content.facts_of), a page each; as PNG a list of pictures."""
    return typeset(FOLDER / "form.typ", data, format=format, ppi=ppi, pdf_tags=False)
