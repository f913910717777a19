"""The form of the year's end."""

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.fields import FreeTextField
from core.text import half_width
from registry import class_names
from registry.forms import SEAT
from registry.promotion import GRADUATION, propose, read_target
from registry.promotion_plan import GRADUATES, Repeat
from registry.roster.cleaning import clean_cell


class PromotionForm(forms.Form):
    """Class by class where it goes, and who repeats."""

    hide_optional = True

    year = forms.IntegerField(widget=forms.HiddenInput)
    repeats = FreeTextField(
        label=_("重讀的學生"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一位：學號、新學年的班級、座號，用空白隔開。例如 10630008 201 36。"),
    )
    renumber = forms.BooleanField(
        label=_("座號重複時，接在該班最後一號之後重新編號"),
        required=False,
        help_text=_("合併班級時勾選：人數較多的班保留原座號，其他班重複的座號往後編。"),
    )
    understood = forms.BooleanField(label=_("我知道畢業學生的家長綁定會立即終止，升級之後無法復原。"), required=False)

    def __init__(self, *args, classes, **kwargs):
        self.classes = list(classes)
        super().__init__(*args, **kwargs)
        proposed = propose(self.classes)
        for one in self.classes:
            self.fields[f"target_{one.pk}"] = FreeTextField(
                label=ngettext("%(name)s 班（%(count)d 人）升到", "%(name)s 班（%(count)d 人）升到", one.enrolled)
                % {"name": one.name, "count": one.enrolled},
                initial=GRADUATION if proposed[one.name] == GRADUATES else proposed[one.name],
                max_length=20,
                widget=forms.TextInput(attrs=SEAT),
                error_messages={
                    "required": gettext("請填 %(name)s 班新學年的班級；不再升級的班級請填「畢業」。")
                    % {"name": one.name}
                },
            )

    def is_understood(self):
        """Whether the last page's box is ticked; it says so beside the box where it is not."""
        if not self.cleaned_data["understood"]:
            self.add_error("understood", gettext("請先確認您了解這個結果。"))
        return "understood" not in self.errors

    @property
    def carried_fields(self):
        """What was filled in, on the page where it is confirmed."""
        return [field for field in self if field.name != "understood"]

    @property
    def target_groups(self):
        """(words for the grade, its boxes), grade by grade; classes without one that can be read come last."""
        groups: dict[str, list] = {}
        for one in self.classes:
            known = class_names.read(one.name)
            stage = known.prefix if known and known.prefix in class_names.STAGES else ""
            words = gettext("%(grade)s 年級") % {"grade": f"{stage}{known.grade}"} if known else gettext("其他班級")
            groups.setdefault(words, []).append(self[f"target_{one.pk}"])
        return list(groups.items())

    def clean_repeats(self):
        repeats = []
        for number, line in enumerate(self.cleaned_data["repeats"].splitlines(), start=1):
            cells = half_width(line).replace("、", " ").replace(",", " ").split()
            if not cells:
                continue
            if len(cells) != 3 or not cells[2].isdecimal() or not 1 <= int(cells[2]) <= 99:
                raise forms.ValidationError(
                    gettext("第 %(number)d 行無法辨識，請寫成「學號 班級 座號」。") % {"number": number}
                )
            repeats.append(Repeat(cells[0].upper(), clean_cell("class_name", cells[1]), int(cells[2])))
        return repeats

    def clean(self):
        data = super().clean() or self.cleaned_data
        for one in self.classes:
            field = f"target_{one.pk}"
            if data.get(field):
                try:
                    data[field] = self._clean_target(data[field])
                except forms.ValidationError as error:
                    self.add_error(field, error)
        return data

    def _clean_target(self, text):
        target = read_target(half_width(text).strip())
        if target == GRADUATES:
            return target
        if GRADUATES in target:
            raise forms.ValidationError(gettext("要畢業的班級請只填「畢業」兩個字。"))
        return clean_cell("class_name", target)

    def targets(self):
        """{class name: next name, or GRADUATES}"""
        return {one.name: self.cleaned_data[f"target_{one.pk}"] for one in self.classes}
