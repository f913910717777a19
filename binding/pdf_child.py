"""The process that draws PDFs; run by `binding.pdf_pages`, knows nothing of the site.

python pdf_child.py draw 3 < file      writes the third page as JPEG
python pdf_child.py redraw 20 < file   writes the number of pages and a line's end, then, if there are no more than 20
                                       of them, a new PDF: a picture of each page
Exit status 2: no PDF that can be read; 3: one that asks for a password.
"""

import io
import resource
import sys

import pypdfium2

MEMORY = 1536 * 1024 * 1024  # bytes
SECONDS = 20
LOOK = 1800  # pixels of the long side: a certificate at full page can be read and enlarged
KEEP = 2400  # the same of what is kept: about 200 to the inch of an A4 page
A4_LONG_SIDE = 842  # points: what is redrawn prints on a page, whatever size a scanner wrote into the file
PASSWORD = 4  # FPDF_ERR_PASSWORD


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    do = {"draw": draw, "redraw": redraw}[sys.argv[1]]
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        document.init_forms()  # what was typed into a form's fields is drawn as well; scripts never run
        do(document, int(sys.argv[2]))
    except pypdfium2.PdfiumError as error:
        sys.exit(3 if error.err_code == PASSWORD else 2)
    except (IndexError, ValueError, MemoryError):
        sys.exit(2)


def draw(document, number):
    drawn = io.BytesIO()
    picture_of(document[number - 1], LOOK).save(drawn, "JPEG", quality=80)
    sys.stdout.buffer.write(drawn.getvalue())


def redraw(document, most):
    out = io.BytesIO()
    if 0 < len(document) <= most:
        first, *rest = [picture_of(page, KEEP) for page in document]
        # No times: the same file twice becomes the same bytes twice.
        first.save(
            out, "PDF", save_all=True, append_images=rest, resolution=KEEP * 72 / A4_LONG_SIDE, quality=80,
            creationDate=None, modDate=None,
        )  # fmt: skip
    sys.stdout.buffer.write(f"{len(document)}\n".encode() + out.getvalue())


def picture_of(page, long_side):
    scale = min(long_side / max(page.get_width(), page.get_height(), 1), 4)
    return page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


if __name__ == "__main__":
    main()
