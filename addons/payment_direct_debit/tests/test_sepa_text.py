from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.pure.sepa_text import NAME_MAX, is_sepa_text, sepa_text

BASIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
PROPERTY = settings(max_examples=300, deadline=None, database=None)


@tagged("post_install", "-at_install")
class TestSepaText(BaseCase):
    def test_names_are_spelled_in_the_basic_set(self):
        for text, expected in {
            "Société Générale d'Électricité": "Societe Generale d'Electricite",
            "Cœur & Frères": "Coeur + Freres",
            "Straße Łódź Ærø": "Strasse Lodz AEro",
            "L’Haÿ-les-Roses": "L'Hay-les-Roses",
            "Abonnement 12 € (n° 7)": "Abonnement 12 E (n. 7)",
            "contact@exemple.fr": "contact(at)exemple.fr",
            "a_b;c\\d [e] « f »": "a-b,c/d (e) ' f '",
            "Ελλάδα": "Ellada",
            "Петър Жеков": "Petar ZHekov",
            "Nguyễn Thị Ánh": "Nguyen Thi Anh",
            "ligne 1\nligne\u00a02\t3": "ligne 1 ligne 2 3",
            "½ mois": "1/2 mois",
            "\u0065\u0301te\u0301 \ufeff": "ete",
            "東京 😀": ".. .",
        }.items():
            with self.subTest(text=text):
                self.assertEqual(sepa_text(text), expected)

    def test_slashes_at_the_ends_and_doubled_go(self):
        self.assertEqual(sepa_text("//ref///2026/ 1 / "), "ref/2026/ 1")
        self.assertEqual(sepa_text("/ /"), "")

    def test_the_cut_comes_after_the_conversion(self):
        self.assertEqual(sepa_text("ß" * 70, NAME_MAX), "s" * 70)
        self.assertEqual(sepa_text("abc/def", 4), "abc")

    def test_text_of_the_basic_set_is_told_from_the_rest(self):
        self.assertTrue(is_sepa_text("Ref. 12/34: (a+b)? it's, ok-"))
        for text in ("é", "a_b", "/a", "a/", "a//b", "a\n"):
            with self.subTest(text=text):
                self.assertFalse(is_sepa_text(text))

    @PROPERTY
    @given(st.text(max_size=200), st.integers(1, 160))
    def test_any_text_comes_out_valid_and_within_the_limit(self, text, limit):
        result = sepa_text(text, limit)
        self.assertLessEqual(len(result), limit)
        self.assertTrue(set(result) <= set(BASIC), result)
        self.assertTrue(is_sepa_text(result))
        self.assertEqual(result, result.strip())

    @PROPERTY
    @given(st.text(max_size=200), st.integers(1, 160))
    def test_converting_twice_changes_nothing_more(self, text, limit):
        once = sepa_text(text, limit)
        self.assertEqual(sepa_text(once, limit), once)

    @PROPERTY
    @given(st.text(alphabet=BASIC.replace("/", "").replace(" ", ""), max_size=140))
    def test_text_already_in_the_set_is_left_as_it_is(self, text):
        self.assertEqual(sepa_text(text), text)
