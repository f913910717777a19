"""Small real PDFs, and their pages drawn once."""

from functools import partial
from hashlib import md5 as _md5

from binding import pdf_pages

draw = pdf_pages._run
drawn: dict = {}


def draw_once():
    """The process that draws an uploaded PDF is started once for each file: most tests upload the same page."""

    def remembering(content, *words):
        key = content, words, pdf_pages.CHILD, pdf_pages.SECONDS
        if key not in drawn:
            drawn[key] = draw(content, *words)
        return drawn[key]

    pdf_pages._run = remembering


md5 = partial(_md5, usedforsecurity=False)
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def small_pdf(words="the court decides", pages=1, catalog="", more=()):
    """A PDF (bytes) with `words` (ASCII) on each of its pages; `catalog` and objects `more` are put into it as well.

    The first of `more` is object 3 + 2 * pages.
    """
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(pages))
    parts = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    for n in range(pages):
        text = f"BT /F1 24 Tf 60 700 Td ({words}) Tj ET"
        font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {font} /Contents {4 + 2 * n} 0 R >>"
        parts += [page, f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"]
    return written([part.encode() for part in [*parts, *more]])


def locked_pdf(*, user, owner):
    """One page under the passwords `user` (to open) and `owner` (to print): RC4 of 40 bits, PDF 1.4 section 3.5."""
    number, permissions = b"0123456789abcdef", -64
    padded = [(one.encode() + PADDING)[:32] for one in (owner, user)]
    owner_entry = rc4(md5(padded[0]).digest()[:5], padded[1])
    signed = permissions.to_bytes(4, "little", signed=True)
    key = md5(padded[1] + owner_entry + signed + number).digest()[:5]
    stream = rc4(md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10], b"0 0 300 300 re f")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Filter /Standard /V 1 /R 2 /P %d /O <%s> /U <%s> >>"
        % (permissions, owner_entry.hex().encode(), rc4(key, PADDING).hex().encode()),
    ]
    return written(parts, trailer=b"/Encrypt 5 0 R /ID [<%s> <%s>]" % ((number.hex().encode(),) * 2))


def written(parts, trailer=b""):
    """The objects `parts` (bytes, from number 1) as a file; the first is the catalog."""
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    size = len(parts) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end % (size, trailer, len(out))


def rc4(key, data):
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
