"""What an applicant is to the child (親屬關係)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import identity


class Relationship(models.TextChoices):
    FATHER = "father", _("父親")
    MOTHER = "mother", _("母親")
    GRANDFATHER = "grandfather", _("祖父／外祖父")
    GRANDMOTHER = "grandmother", _("祖母／外祖母")
    SIBLING = "sibling", _("成年兄弟姊妹")
    RELATIVE = "relative", _("伯叔姑舅姨等親屬")
    STEPPARENT = "stepparent", _("繼父／繼母")
    FOSTER = "foster", _("寄養家庭或機構")
    APPOINTED = "appointed", _("法院指定監護人")


PARENTS = [Relationship.FATHER, Relationship.MOTHER]
GUARDIANS = [relationship for relationship in Relationship if relationship not in PARENTS]

MEN = {Relationship.FATHER, Relationship.GRANDFATHER}
WOMEN = {Relationship.MOTHER, Relationship.GRANDMOTHER}


def is_unlike(relationship: str, number: str) -> bool:
    """Whether the ID number is of the other sex than the word says: one of the two may be mistyped."""
    return relationship in (WOMEN if identity.is_of_man(number) else MEN)
