"""The sentences of an import report: what is wrong, with which value, and what to do."""

from collections import defaultdict

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

FILE_REASONS = {
    "empty_file": _lt("The file is empty. Export it again from the former system."),
    "no_rows": _lt("The file has a header and no row."),
    "too_large": _lt(
        "The file has %(size)s MB, the limit is %(limit)s MB. Cut it into several files."
    ),
    "nul_bytes": _lt(
        "Line %(line)s holds a NUL byte: this is not a text file, or its encoding is UTF-16. Save"
        " it as “CSV UTF-8”."
    ),
    "not_utf8": _lt(
        "Line %(line)s is not UTF-8: the file was probably saved by a spreadsheet in its old"
        " Windows encoding. Save it as “CSV UTF-8”."
    ),
    "not_csv": _lt("The file can not be read from line %(line)s on (%(detail)s): see its quotes."),
    "missing_columns": _lt(
        "These columns are missing in the first line: %(columns)s. Columns are separated by"
        " semicolons."
    ),
    "double_columns": _lt("These columns are there twice: %(columns)s. Keep one of each."),
}

ROW_REASONS = {
    "cell_count": _lt("The row has %(found)s cells, the header %(wanted)s: see its semicolons."),
    "missing_value": _lt("A value is needed here."),
    "bad_number": _lt("“%(value)s” is not a number. Write for instance 1234,56."),
    "too_many_decimals": _lt("“%(value)s” has more than %(digits)s decimals. Round it."),
    "not_positive": _lt("“%(value)s” must be more than zero."),
    "negative": _lt("“%(value)s” is negative. A price is zero or more; use a discount."),
    "bad_percent": _lt("“%(value)s” must be a percentage between 0 and 100."),
    "bad_date": _lt("“%(value)s” is not a date. Write 2026-01-31 or 31/01/2026."),
    "no_such_date": _lt("“%(value)s” is not in the calendar."),
    "bad_year": _lt("The year of “%(value)s” is not plausible."),
    "bad_whole_number": _lt("“%(value)s” is not a whole number from 1 on."),
    "bad_billing_day": _lt("“%(value)s” is not a day of the month, 1 to 31."),
    "bad_choice": _lt("“%(value)s” is not known here. Write one of: %(allowed)s."),
    "bad_iban": _lt("The IBAN %(value)s is wrong: a digit was mistyped. Ask the client for it."),
    "iban_country": _lt("The IBAN %(value)s is of a country outside SEPA."),
    "bad_siret": _lt("“%(value)s” is not a SIRET: 14 digits with a check digit."),
    "bad_email": _lt("“%(value)s” is not an e-mail address."),
    "bad_country": _lt("“%(value)s” is not a country code. Write two letters, such as FR."),
    "unknown_country": _lt("There is no country with the code “%(value)s”."),
    "bad_rum": _lt(
        "“%(value)s” can not be a mandate reference: up to 35 letters, digits and"
        " + ? / - : ( ) . , ' without a slash at either end."
    ),
    "control_characters": _lt("“%(value)s” holds invisible characters. Type it again."),
    "too_long": _lt("The text has %(length)s characters, the limit is %(limit)s."),
    "end_before_start": _lt("The end %(last)s is before the start %(first)s."),
    "signed_in_future": _lt("The signature date %(value)s is in the future."),
    "duplicate_reference": _lt(
        "“%(value)s” was already used in row %(row)s. Give each contract its own reference, and"
        " the lines of one contract increasing line numbers (here: %(line)s)."
    ),
    "duplicate_rum": _lt("The mandate “%(value)s” is already in row %(row)s."),
    "contract_differs": _lt("Not the same as in row %(row)s, which is the same contract."),
    "client_differs": _lt("Not the same as in row %(row)s, which is the same client, %(value)s."),
    "other_row_refused": _lt("Another row of this contract is refused (row %(rows)s)."),
    "unknown_product": _lt(
        "There is no product with the reference “%(value)s”. Create it, or correct the file."
    ),
    "double_product": _lt("Several products have the reference “%(value)s”. Keep one."),
    "unknown_tax": _lt(
        "There is no sales tax of %(value)s %%. Create it, or leave this empty for the product's."
    ),
    "unknown_sales_rep": _lt("There is no user with the login “%(value)s”."),
    "unknown_client": _lt(
        "There is no client with the code “%(value)s”. Import his contract first."
    ),
    "double_client": _lt("Several clients have the code “%(value)s”. Merge them first."),
    "contract_exists": _lt(
        "“%(value)s” is here already as %(contract)s, and differs: %(here)s here, %(file)s in the"
        " file. Correct the one that is wrong."
    ),
    "mandate_exists": _lt(
        "The mandate “%(value)s” is here already, and differs by this. Correct the one that is"
        " wrong."
    ),
    "unknown_provider": _lt(
        "There is no active payment provider with the code “%(value)s” in this company."
    ),
}


def file_reason(env, error):
    """Return the sentence of a `FileRefused`, in the user's language."""
    sentence = env._(FILE_REASONS[error.code])
    return sentence % error.params


def row_reason(env, error):
    """Return the sentence of a `RowError`; what Odoo or a provider said is passed on as it is."""
    if error.code == "said":
        return error.params["text"]
    sentence = env._(ROW_REASONS[error.code])
    return sentence % error.params


def row_reasons(env, errors):
    """Return one (row, columns, reasons) for each refused row, in the order of the file.

    :param errors: `RowError` records, several a row if need be.
    """
    by_row = defaultdict(list)
    for error in errors:
        by_row[error.row].append(error)
    return [
        (
            row,
            ", ".join(dict.fromkeys(error.column for error in found)),
            " ".join(dict.fromkeys(row_reason(env, error) for error in found)),
        )
        for row, found in sorted(by_row.items())
    ]
