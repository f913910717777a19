"""Files that are made for whoever asks: named, never kept by a browser or a proxy."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


def inert(content: bytes, content_type: str, name: str) -> HttpResponse:
    """What somebody uploaded: pictures show in the page, a PDF is only ever downloaded; nothing in it runs."""
    how = "inline" if content_type.startswith("image/") else "attachment"
    suffix = content_type.rpartition("/")[2]
    headers = {
        "Content-Disposition": f'{how}; filename="{name}.{suffix}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    response = HttpResponse(content, content_type=content_type, headers=headers)
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response


def download(data: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=content_type, headers=headers)
