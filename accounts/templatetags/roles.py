"""Roles in the school's words."""

from django import template

from registry.roles import Role

register = template.Library()


@register.filter
def role_words(roles):
    return "、".join(str(Role(role).label) for role in roles)
