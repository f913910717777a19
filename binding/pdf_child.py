"""The process that draws PDFs; run by `binding.pdf_pages`, knows nothing of the site.

python pdf_child.py count < file      prints the number of pages
python pdf_child.py draw 3 < file     writes the third page as JPEG
Exit status 2: no PDF that can be read, or one that asks for a password.
"""

import io
import resource
import sys

MEMORY = 1536 * 1024 * 1024  # bytes
SECONDS = 10
LONG_SIDE = 1800  # pixels: a certificate at full page can be read and enlarged


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if sys.argv[1] == "count":
            sys.stdout.write(str(len(document)))
            return
        page = document[int(sys.argv[2]) - 1]
        scale = min(LONG_SIDE / max(page.get_width(), page.get_height(), 1), 4)
        drawn = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(drawn, "JPEG", quality=80)
        sys.stdout.buffer.write(drawn.getvalue())
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError):
        sys.exit(2)


if __name__ == "__main__":
    main()
