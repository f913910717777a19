def school(request):
    """The school of the page, for the head of the sheet and the contact lines; absent on the city's pages."""
    return {"school": getattr(request, "school", None)}
