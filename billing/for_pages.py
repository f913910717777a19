"""What the pages of money may write."""

from billing.paper import slips


def in_fours(number):
    """7006 0200 0046 2711 as a list of its groups."""
    return slips.in_fours(number).split() if number else []


FILTERS = {"in_fours": in_fours}
