"""Uploading a roster and pressing its buttons, for the tests of its pages."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

GUARDIAN = "監護人1姓名,監護人1關係,監護人1身分證字號,監護人1手機,監護人1電子郵件"


def upload(client, school, data, **more):
    files = {"file": SimpleUploadedFile("名冊.csv", data)} if data is not None else {}
    typed = {"school_year": school.school_year, "takes_new_classes": "on", "covers": "school", **files, **more}
    return client.post(reverse("registry:roster-list", args=[school.slug]), typed, follow=True)


def press(client, school, name, kept):
    return client.post(reverse(f"registry:roster-{name}", args=[school.slug, kept.pk]), follow=True)


def look(client, school, kept, show=""):
    address = reverse("registry:roster", args=[school.slug, kept.pk])
    return client.get(address, {"show": show} if show else {}).content.decode()
