"""Columns that are written in one way, whoever writes them: names, e-mail and web addresses; and names that are searched."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django import forms
from django.db import models

from core import emails, fields, identity, names


class _OneReading:
    """A column whose values are read by `reading` before they are written or looked up; no migration knows of it."""

    @staticmethod
    def reading(text: str, /) -> str:
        raise NotImplementedError

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return self.reading(value) if isinstance(value, str) else value

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = super().pre_save(instance, add)  # type: ignore[misc]
        if isinstance(value, str):
            value = self.reading(value)
            setattr(instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain}", args, kwargs  # type: ignore[attr-defined]


class NameField(_OneReading, models.CharField):
    """A person's name as it is kept and printed (see `core.names.tidy`)."""

    plain = "CharField"
    reading = staticmethod(names.tidy)

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"form_class": fields.NameField, **kwargs})


class EmailAddressField(_OneReading, models.EmailField):
    """An e-mail address as it is kept, shown and logged in with (see `core.emails.normalize`)."""

    plain = "EmailField"
    reading = staticmethod(emails.normalize)

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"form_class": fields.EmailAddressField, **kwargs})


class WebAddressField(models.URLField):
    """A web address; one that was typed without its scheme is taken for https."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs


class WordsField(models.JSONField):
    """What is told of a file that somebody uploaded: its titles, names of sheets and cells, without ID numbers."""

    def get_prep_value(self, value: Any) -> Any:
        return identity.blot_out_data(super().get_prep_value(value))

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class FoldedNameField(models.TextField):
    """What writings of the `name` beside it have in common (see `core.names.fold`): lists are searched in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, instance: Any, add: bool) -> str:
        folded = names.fold(instance.name)
        setattr(instance, self.attname, folded)
        return folded


class SearchedByNameQuerySet(models.QuerySet):
    """Keeps the folded name beside the name, whichever way rows are written."""

    def named(self, text: str) -> Self:
        """Whose name holds `text`, however either is written."""
        return self.filter(folded_name__contains=names.fold(text))

    def update(self, **values: Any) -> int:
        if isinstance(values.get("name"), str):  # `bulk_update` has folded what it writes
            values["folded_name"] = names.fold(values["name"])
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        objs, fields = list(objs), list(fields)
        if "name" in fields:
            fields = [*fields, "folded_name"]
            for one in objs:
                one.folded_name = names.fold(one.name)
        return super().bulk_update(objs, fields, batch_size=batch_size)

    bulk_update.alters_data = True  # type: ignore[attr-defined]


class SearchedByName(models.Model):
    """For models with a `name` that lists are searched by; their manager comes of `SearchedByNameQuerySet`."""

    folded_name = FoldedNameField()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "folded_name"}
        super().save(*args, update_fields=update_fields, **kwargs)
