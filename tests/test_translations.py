"""Every string that an addon shows has its French."""

from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

ADDONS = Path(__file__).parents[1] / "addons"


@tagged("standard", "post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_french_is_complete(self):
        for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
            addon = manifest.parent
            with self.subTest(addon=addon.name):
                terms = {row[4] for row in TranslationModuleReader(self.env.cr, [addon.name])}
                catalogue = polib.pofile(str(addon / "i18n" / "fr.po"))
                french = {entry.msgid for entry in catalogue.translated_entries()}
                self.assertFalse(sorted(terms - french))

    def test_placeholders_survive(self):
        """A translation that drops or renames a placeholder breaks the message that it is in."""
        for catalogue in sorted(ADDONS.glob("*/i18n/fr.po")):
            for entry in polib.pofile(str(catalogue)).translated_entries():
                with self.subTest(addon=catalogue.parents[1].name, msgid=entry.msgid):
                    self.assertEqual(placeholders(entry.msgid), placeholders(entry.msgstr))


def placeholders(text):
    return sorted(part.split(")")[0] for part in text.split("%(")[1:])
