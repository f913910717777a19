"""What the worker does for the registrar's desk. Each task may run twice: its row says what is still to do."""

import logging

from django.conf import settings
from django.utils import translation
from django_tasks import task

from core.failures import log_failure
from registry.models import RosterImport
from registry.roster import AlreadyDecided, apply_import, check_import
from registry.roster.importing import fail

logger = logging.getLogger(__name__)


def check_soon(roster_import):
    """Check a roster: a small one at once, a large one in the worker, in the language of whoever asks."""
    if roster_import.size <= settings.ROSTER_AT_ONCE_BYTES:
        work_on(roster_import.pk, check_import)
    else:
        check_roster_import.enqueue(roster_import.pk, translation.get_language())


def apply_soon(roster_import):
    """Write a roster that was decided: a small one at once, a large one in the worker."""
    if roster_import.size <= settings.ROSTER_AT_ONCE_BYTES:
        work_on(roster_import.pk, apply_import)
    else:
        apply_roster_import.enqueue(roster_import.pk, translation.get_language())


@task()
def check_roster_import(pk, language=settings.LANGUAGE_CODE):
    with translation.override(language):
        work_on(pk, check_import)


@task()
def apply_roster_import(pk, language=settings.LANGUAGE_CODE):
    with translation.override(language):
        work_on(pk, apply_import)


def work_on(pk, step):
    roster_import = RosterImport.objects.select_related("school").filter(pk=pk).first()
    if roster_import is None or not roster_import.is_busy:
        return
    try:
        step(roster_import)
    except AlreadyDecided:
        logger.info("roster import %s was decided meanwhile", pk)
    except Exception as error:  # noqa: BLE001 – said on the registrar's page
        log_failure(logger, "roster import %s failed", pk, error=error)
        fail(roster_import)
