from django.http import HttpResponse


def send_file(evidence):
    """A piece of evidence: pictures show in the page, a PDF is only ever downloaded; nothing in it runs."""
    response = HttpResponse(evidence.read(), content_type=evidence.content_type)
    how = "inline" if evidence.is_image else "attachment"
    suffix = evidence.content_type.rpartition("/")[2]
    response["Content-Disposition"] = f'{how}; filename="evidence-{evidence.pk}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response
