"""Files that are made for whoever asks: named, and kept by no browser or proxy but where they are everybody's."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES = {
    "csv": "text/csv",
    "ics": "text/calendar; charset=utf-8",
    "jpeg": "image/jpeg",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def inert(content: bytes, content_type: str, name: str) -> HttpResponse:
    """What somebody uploaded: pictures show in the page, a PDF is only ever downloaded; nothing in it runs."""
    ending = content_type.rpartition("/")[2]
    response = download(content, f"{name}.{ending}", shown=content_type.startswith("image/"))
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response


def download(data: bytes | str, name: str, *, shown: bool = False, seconds_public: int = 0) -> HttpResponse:
    """An answer with `data` as a file; the ending of `name` says of what type. `shown` in the page itself, or taken away.

    `seconds_public`: how long anybody may keep what is the same for everybody.
    """
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=not shown, filename=name),
        "Cache-Control": f"public, max-age={seconds_public}" if seconds_public else "private, no-store",
    }
    return HttpResponse(data, content_type=TYPES[name.rpartition(".")[2]], headers=headers)
