"""A morning of reminders at a school where every family is due, beside as many rows written in bulk; the registrar's page.

Goals: CPU at most so many times the rows'; a second run on the day, which writes nothing, a fraction of the first.
"""

from datetime import timedelta

from benchmarks import people
from benchmarks.measure import Goal, beside, queries_of
from benchmarks.worker import Browser, figures_of, page_of, serving, session_of
from benchmarks.yardsticks import rolled_back, rows

GOALS = {
    "morning": Goal(times=55, queries=28),
    "again on the day": Goal(times=7, queries=23),
    "page at a school of 3,000": Goal(times=900, queries=19),
}


def measure():
    from django.urls import reverse
    from django.utils import timezone

    from notifications.models import Message
    from review.reminders import sending
    from review.reminders.models import ReminderLadder

    school = people.school_called("bench")
    school.binding_deadline = timezone.localdate() + timedelta(days=14)
    school.save(update_fields=["binding_deadline"])
    ladder = ReminderLadder.objects.create(school=school, is_on=True)

    def morning():
        return sending.send_for(ladder.pk, today=timezone.localdate())

    before = Message.objects.count()
    queries = queries_of(rolled_back(morning))
    yield beside("morning", rolled_back(morning), rows(people.SIZE * people.CLASSES), queries=queries)
    mails = morning()
    assert Message.objects.count() - before == mails > people.SIZE, mails
    again = queries_of(morning)
    yield beside("again on the day", morning, rows(mails), queries=again)
    with serving() as worker:
        browser = Browser(worker, session_of(people.staff_of("large", "registrar")))
        page = page_of(worker, browser, reverse("review:reminders", args=["large"]))
        yield from figures_of(worker, {"page at a school of 3,000": page}, times=1, rounds=5)
