"""What every person with an ID number has in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import crypto, identity


class HasIdentityNumber(models.Model):
    """A person's ID number: encrypted at rest, found by a keyed fingerprint, shown masked.

    Of whom it is not known yet, all of these are "".
    """

    identity_cipher = models.TextField(_("身分證統一編號（加密）"), editable=False)
    identity_fingerprint = models.CharField(_("身分證統一編號（指紋）"), max_length=64, editable=False, db_index=True)

    class Meta:
        abstract = True

    @property
    def identity_number(self):
        """The number in full. A caller that shows it to a person records an audit event."""
        return crypto.decrypt(self.identity_cipher) if self.identity_cipher else ""

    @identity_number.setter
    def identity_number(self, number):
        number = identity.normalize(number)
        fingerprint = crypto.fingerprint(number) if number else ""
        if fingerprint != self.identity_fingerprint:
            self.identity_cipher = crypto.encrypt(number) if number else ""
            self.identity_fingerprint = fingerprint

    @property
    def masked_identity(self):
        return identity.mask(self.identity_number)
