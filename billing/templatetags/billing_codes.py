"""Filters for numbers to pay with."""

from django import template

from billing.paper import slips

register = template.Library()


@register.filter
def in_fours(number):
    """7006 0200 0046 2711 as a list of its groups."""
    return slips.in_fours(number).split() if number else []
