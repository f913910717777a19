"""Columns that every list of what was printed has."""

from django.utils.translation import gettext_lazy as _

from core.listing import Column

MADE_AT = Column("made", _("要求時間"), lambda one: one.created_at, order=("created_at",))
STATE = Column("state", _("狀態"), lambda one: one.get_state_display(), order=("state",))
MADE_BY = Column("by", _("製作者"), lambda one: one.made_by.name, order=("made_by__name",))
