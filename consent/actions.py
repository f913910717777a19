from django.db import transaction

from audit import log
from consent.models import ConsentDecision
from registry.models import Student


@transaction.atomic
def record_decision(*, student, answer, text, by):
    """Keep a family's answer to `text`; answering the same again changes nothing."""
    # Without the key: rows that refer to the student can be written meanwhile.
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    standing = ConsentDecision.objects.latest_of(student)
    if standing and standing.answer == answer and standing.text_id == text.pk:
        return standing
    decision = ConsentDecision.objects.create(
        student=student, answer=answer, text=text, text_digest=text.digest, decided_by=by
    )
    log.record(f"consent.{answer}", by=by, target=student, school=student.school, data={"version": text.version})
    return decision
