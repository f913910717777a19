"""In which language a person reads our pages, and is written to. Whoever sends a mail asks here, never the language of the page it began on."""

from django.conf import settings
from django.utils import translation

from accounts.models import User
from accounts.signals import language_asked
from notifications.mails import Reader
from registry.roles import AccountKind


def language_of(user, *, on_page=None):
    """The language that `user` reads mails in: the one last chosen on our pages, else that of the own application.

    Where neither is known, `on_page`: the language of the page on which this person, and nobody else, asked for the
    mail. Else Chinese.
    """
    return user.language or _of_application(user) or on_page or settings.LANGUAGE_CODE


def reader_of(user, *, on_page=None) -> Reader:
    """`user` as the reader of a mail: see `language_of`."""
    return Reader(user.email, language_of(user, on_page=on_page))


def offered_to(user):
    """Codes of the languages that `user`, logged in or not, may choose from: what only staff read is kept in fewer."""
    is_staff = user.is_authenticated and user.kind == AccountKind.STAFF
    return settings.STAFF_LANGUAGES if is_staff else [code for code, _name in settings.LANGUAGES]


def keep_to_offered(request):
    """A browser that prefers a language which the desks do not speak shows a teacher these in Chinese, never in two."""
    if translation.get_language() not in offered_to(request.user):
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE


def choose(user, language):
    """From now on this person is written to in `language`, where it is one that `user` may choose."""
    if language not in offered_to(user):
        return
    User.objects.filter(pk=user.pk).update(language=language)


def _of_application(user):
    """What the rooms above know; nothing of who never applied."""
    if user.kind != AccountKind.PARENT:
        return None
    answers = [answer for _receiver, answer in language_asked.send(User, user=user)]
    return next(filter(None, answers), None)
