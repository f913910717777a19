"""How far a family is, as the helpdesk says it on the phone: the words that the family reads, and the people's accounts."""

from django.utils.translation import gettext as _

from accounts.signals import HowFar, PersonSeen
from binding.models import Binding
from binding.progress import Progress
from binding.standing import Standing
from registry.models import Student


def how_far(student: Student) -> HowFar:
    """Eight queries at most, however many people there are."""
    standing = Standing(Progress.of(student))
    return HowFar(
        kind=standing.kind,
        title=standing.title,
        body=standing.body,
        also=standing.also,
        deadline=standing.deadline,
        paper_on=standing.paper.received_on,
        is_paper_asked=standing.paper.is_asked,
        people=[*_bound(student), *_applying(standing)],
    )


def _bound(student):
    """Who is bound, by account: each says where its log-in stands."""
    bindings = Binding.objects.active().filter(student=student).select_related("account__user").order_by("pk")
    for binding in bindings:
        account = binding.account
        yield PersonSeen(
            name=account.name,
            relationship=binding.get_relationship_display(),
            email=account.user.username,
            state=account.get_state_display(),
            is_proved=account.email_proved_at is not None,
            last_login=account.user.last_login,
            user=account.user,
        )


def _applying(standing):
    """Who has sent an application that is not decided, whose address may be wrong too; a draft is the family's own."""
    application = standing.progress.application
    if application is None or application.is_draft:
        return
    for one in application.applicants.all():
        if one.review in (one.Review.PENDING, one.Review.RETURNED):
            yield PersonSeen(
                name=one.name,
                relationship=one.get_relationship_display(),
                email=one.email,
                state=_("申請中：%(state)s") % {"state": one.get_review_display()},
            )
