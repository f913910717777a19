"""The worker's part: a whole school's forms, class by class."""

from itertools import groupby

from django_tasks import task

from core.printing import batches
from registry.models import PaperFormBatch
from registry.paper_forms import typesetting
from registry.paper_forms.texts import own_name


@task()
def set_batch(pk):
    """Set the batch's forms. A second run of the task finds nothing to do."""
    batches.run(PaperFormBatch, pk=pk, make=zip_of, event="paper_forms")


def zip_of(batch):
    """A ZIP with one PDF a class."""
    return batches.zip_of(
        batch, facts_of_classes(batch), typesetting.set_forms, name=f"申請書-{own_name(batch.language)}"
    )


def facts_of_classes(batch):
    """(class, how many forms, what stands on them) for each class, in order."""
    from registry.paper_forms import actions, content

    students = actions.students_of(batch.school, list(batch.classes.all()))
    options = {"school": batch.school, "language": batch.language, "return_on": batch.return_on}
    for school_class, group in groupby(students, key=lambda one: one.school_class):
        facts = content.facts_of(list(group), **options)
        yield school_class.name, len(facts["forms"]), facts
