from django.http import HttpResponse


def send_file(evidence):
    """A piece of evidence."""
    return send_inert(
        evidence.read(), evidence.content_type, f"evidence-{evidence.pk}", shown=evidence.is_image
    )


def send_inert(content, content_type, name, *, shown):
    """What a family uploaded: pictures show in the page, a PDF is only ever downloaded; nothing in it runs."""
    response = HttpResponse(content, content_type=content_type)
    how = "inline" if shown else "attachment"
    suffix = content_type.rpartition("/")[2]
    response["Content-Disposition"] = f'{how}; filename="{name}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response
