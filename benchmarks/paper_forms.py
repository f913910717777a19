"""The paper forms of 1,000 families as the worker makes them, up to the encrypted file, beside as many sheets of one line.

Goals: CPU at most so many times the sheets', memory.
"""

from benchmarks import people
from benchmarks.measure import Figure, Goal, once, peak_megabytes
from benchmarks.yardsticks import sheets

GOALS = {"1,000 forms": Goal(times=130, queries=32), "memory": Goal(most=420)}
CLASSES = 25  # of forty


def measure():
    from registry.models import PaperFormBatch
    from registry.paper_forms import printing
    from tests.registry.factories import requested_batch

    school = people.school_called("large")
    batch = requested_batch(school, by=people.staff_of("large", "registrar"), classes=people.classes(school, CLASSES))
    yield once("1,000 forms", lambda: printing.set_batch.func(batch.pk), sheets(CLASSES * 40))
    assert PaperFormBatch.objects.get(pk=batch.pk).done == CLASSES * 40
    yield Figure("memory", peak_megabytes(), unit="MB")
