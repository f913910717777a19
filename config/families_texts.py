"""Which texts of the catalogue a family, a parent or nobody in particular may see: these are kept in every language.

What only staff read is kept in Chinese and English.
"""

import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

_SEEN = r"""
    templates/ (?:
        (?: base | csrf | form_page | one_time_link | \d+ ) \.html
      | (?: accounts | help | oidc ) /
      | components/ (?! chart_ | date_ | desk_ | listing_ )
      | mail/ (?! staff- )
      | binding/ (?! desk/ )
      | billing/ (?: _ | family/ )
      | billing/paper/_
      | billing/payments/ (?! sandbox/ )
      | review/reminders/stop
      | consent/
    )
  | accounts/ (?! admin | apps | management | tasks | models/(?: throttle | email_tokens | sessions | trusted ) )
  | binding/ (?! admin | apps | desk/ | how_far | management | registrar
                 | models/(?: court | custody | delegation | email_correction | person_correction | registrar ) )
  | billing/ (?: family/ | payments/(?! admin | management | models/refund_ | gateways/(?! base ) ) | bills/(?: mails | notify | words ) | for_pages )
  | billing/bills/models/(?: bill | states )
  | config/help/ (?! first_steps )
  | consent/ (?! admin | apps | models )
  | core/ (?! date_field | listing/ | spreadsheets | tables | printing | admin )
  | notifications/rendering
  | oidc/ (?: views/ | scopes | forms | mails )
  | registry/ (?: deadlines | for_pages | levels | contacts ) \.py
  | review/ (?: mails | reminders/(?: families | mails | optout | audience ) ) \.py
"""

_PLACE = re.compile(_SEEN, re.VERBOSE)


def is_families(places):
    """Whether one of `places`, paths of files below the project, is read by families."""
    return any(_PLACE.match(place) for place in places)


def write_template(whole: Path, families: Path) -> None:
    """Of the template of all texts (`whole`, a .pot) those that families read, as another."""
    with whole.open("rb") as file:
        catalogue = read_po(file)
    for message in list(catalogue):
        if message.id and not is_families([place for place, _line in message.locations]):
            catalogue.delete(message.id, message.context)
    with families.open("wb") as file:
        write_po(file, catalogue, width=0)


if __name__ == "__main__":  # for `make catalogue`
    write_template(Path(sys.argv[1]), Path(sys.argv[2]))
