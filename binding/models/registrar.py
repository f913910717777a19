"""What the registrar may open: rows about students of the own school."""

from django.db import models

from registry.roles import Role


class OfRegistrarQuerySet(models.QuerySet):
    """The path from a row to its student is `to_student`."""

    to_student = "student"

    def of_registrar(self, user):
        """Rows about students of the school at which `user` is registrar; none for anybody else."""
        if Role.REGISTRAR not in user.roles:
            return self.none()
        return self.filter(**{f"{self.to_student}__school": user.school_id})
