"""Text in the character set of SEPA messages, without the ORM.

Source: EPC217-08, "SEPA requirements for an extended character set": every bank must accept the
basic Latin set ``a-z A-Z 0-9 / - ? : ( ) . , ' +`` and space, and no content may start or end with
a slash or hold two in a row. What is outside is replaced here rather than left to each bank.
Greek follows ELOT 743 and Cyrillic the Bulgarian law on transliteration of 2009, letter by letter.
"""

import re
import unicodedata

NAME_MAX = 70
REMITTANCE_MAX = 140
IDENTIFIER_MAX = 35

# Body of a regular expression class: the basic set, without the space.
SEPA_CLASS = r"A-Za-z0-9/\-?:().,'+"

_LATIN = {
    "æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "ẞ": "SS", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ı": "i", "ħ": "h", "ŋ": "n", "ə": "e",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a",
    "ы": "y", "ь": "y", "э": "e", "ю": "yu", "я": "ya", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj",
    "ћ": "c", "џ": "dz", "ѓ": "gj", "ѕ": "dz", "ќ": "kj",
}  # fmt: skip
_SIGNS = {
    "€": "E", "@": "(at)", "&": "+", "_": "-", "~": "-", "‐": "-", "‑": "-", "–": "-", "—": "-",
    "−": "-", "’": "'", "‘": "'", "‚": "'", "“": "'", "”": "'", "„": "'", '"': "'", "`": "'",
    "´": "'", "«": "'", "»": "'", "‹": "'", "›": "'", "[": "(", "]": ")", "{": "(", "}": ")",
    ";": ",", "\\": "/", "|": "/", "⁄": "/", "№": "No",
}  # fmt: skip


def _both_cases(letters: dict[str, str]) -> dict[str, str]:
    upper = {key.upper(): value.upper() for key, value in letters.items() if len(key.upper()) == 1}
    return upper | letters


_TABLE = str.maketrans(_both_cases(_LATIN) | _both_cases(_GREEK) | _both_cases(_CYRILLIC) | _SIGNS)
_OUTSIDE = re.compile(rf"[^{SEPA_CLASS} ]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def sepa_text(text: str, limit: int = REMITTANCE_MAX) -> str:
    """Return ``text`` in the basic SEPA character set, at most ``limit`` characters long.

    Accents are dropped, ligatures and Greek or Cyrillic letters are spelled out, signs become
    their nearest equivalent and anything else a dot. Slashes at both ends and double slashes go.
    Conversion comes before the cut because it may lengthen the text (ß becomes ss). Applying the
    function twice changes nothing more. The result may be empty: the caller decides what then.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    # Before decomposition й is a letter of its own; after it, ά has become a plain α.
    text = text.translate(_TABLE)
    decomposed = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in decomposed if not unicodedata.combining(char))
    text = re.sub(r"\s", " ", text.translate(_TABLE))
    text = _OUTSIDE.sub(".", text)
    text = re.sub(r"/{2,}", "/", text)
    text = re.sub(r" {2,}", " ", text).strip(" /")
    return text[:limit].rstrip(" /")


def is_sepa_text(text: str) -> bool:
    """Tell whether ``text`` holds only the basic set and respects the rule on slashes."""
    return not (_OUTSIDE.search(text) or text.startswith("/") or text.endswith("/") or "//" in text)
