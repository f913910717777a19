"""What a reviewer saw of an application when the page was opened.

The snapshot travels in the page's form, signed: when the application has changed, the answer says what changed.
"""

from django.core import signing
from django.utils.translation import gettext as _

from binding.models import Applicant
from consent.models import ConsentDecision
from core.languages import joined
from review.changes import Change, shown
from review.class_board import paper_of
from review.models import PaperForm

SALT = "review.signed_snapshot"
ANSWERS = {"": "", **dict(ConsentDecision.Answer.choices)}


def snapshot_of(application, decision):
    """A dict of what the page shows; `application` with its student, applicants and evidence."""
    return {
        "applicants": {
            str(one.position): {"review": one.review, **one.values_to_compare()} for one in application.applicants.all()
        },
        "evidence": [one.name for one in application.evidence.all()],
        "paper": str(paper_of(application.student)),
        "consent": str(decision.answer) if decision else "",
    }


def sign(snapshot):
    return signing.dumps(snapshot, salt=SALT, compress=True)


def changes_since(signed, now):
    """[Change] from the signed snapshot to `now`, another one; empty where the signature is none of ours."""
    try:
        before = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return []
    found = []
    for position, values in now["applicants"].items():
        old = before["applicants"].get(position, {})
        found += [
            Change(_title(field, position, now), _word(field, old[field]), _word(field, new))
            for field, new in values.items()
            if field in old and old[field] != new
        ]
    for key, title, words in (
        ("evidence", _("證明文件"), joined),
        ("paper", _("紙本申請書"), lambda answer: str(PaperForm.Answer(answer).label)),
        ("consent", _("線上意願"), lambda answer: str(ANSWERS[answer])),
    ):
        if before[key] != now[key]:
            found.append(Change(title, words(before[key]), words(now[key])))
    return found


def _title(field, position, now):
    title = _("審核") if field == "review" else str(Applicant.FIELDS[field])
    if len(now["applicants"]) == 1:
        return title
    return _("申請人%(position)s的%(title)s") % {"position": position, "title": title}


def _word(field, value):
    return str(Applicant.Review(value).label) if field == "review" else shown(field, value)
