"""What the tours share: somebody who reads the English that they look for."""

from odoo.tests import HttpCase

from odoo.addons.payment_collection.tests.common import CollectionCommon


class TourCommon(HttpCase, CollectionCommon):
    @classmethod
    def tour_user(cls, login, groups):
        """Return a user of the company who reads English."""
        cls.env["res.lang"]._activate_lang("en_US")
        return cls.person(login, groups, lang="en_US")
