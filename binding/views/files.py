from core.downloads import download


def send_file(evidence):
    """A piece of evidence."""
    return send_inert(
        evidence.read(), evidence.content_type, f"evidence-{evidence.pk}", shown=evidence.is_image
    )


def send_inert(content, content_type, name, *, shown):
    """What a family uploaded: pictures show in the page, a PDF is only ever downloaded; nothing in it runs."""
    response = download(content, f"{name}.{content_type.rpartition('/')[2]}", shown=shown)
    response["X-Content-Type-Options"] = "nosniff"
    response._csp_replace = {"default-src": ["'none'"], "sandbox": True}  # type: ignore[attr-defined]
    return response
