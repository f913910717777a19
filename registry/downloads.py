"""Files that a desk hands out, kept by no cache."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def send_download(data, name, content_type):
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=content_type, headers=headers)
