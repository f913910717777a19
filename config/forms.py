"""How every form is drawn: label, hint, error in words, then the field."""

from django.forms.renderers import TemplatesSetting


class PaperFormRenderer(TemplatesSetting):
    field_template_name = "components/field.html"
