"""What every page is given."""

from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from accounts import saved_post
from core import way_back


def one_csrf_input(request):
    """The hidden field of each form of a page: Django would mask the token anew for each of a class's forty.

    With it go the word for whose form it is (`accounts.saved_post`) and the list to come back to (`core.way_back`).
    """

    def fields():
        return csrf_input(request) + saved_post.field_for(request) + way_back.field_for(request)

    return {"csrf_input": SimpleLazyObject(fields)}
