"""What the models on a query share: their columns as SQL."""

from odoo.tools import SQL


def select_list(columns):
    """Return what stands behind SELECT.

    :param dict columns: {field: SQL of it}.
    """
    return SQL(", ").join(
        SQL("%s AS %s", column, SQL.identifier(name)) for name, column in columns.items()
    )
