from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page.payment_transaction_page import (
    CAME_BACK,
    IN_FLIGHT,
    MONEY_IN,
)


def _is_owed(status, follow_up):
    return status in CAME_BACK and not follow_up


# Of the status and what followed. Each debt counts once in what was due: a failed attempt that
# another followed is left out.
FIGURES = {
    "due": lambda status, since: status in (*IN_FLIGHT, *MONEY_IN) or _is_owed(status, since),
    "in_flight": lambda status, _since: status in IN_FLIGHT,
    "collected": lambda status, _since: status in MONEY_IN,
    "failed": lambda status, _since: status == "failed",
    "returned": lambda status, _since: status == "returned",
    "recovered": lambda _status, since: since == "recovered",
    "still_owed": _is_owed,
}


class PaymentTransaction(models.Model):
    """The figures above the Payments page."""

    _inherit = "payment.transaction"

    @api.model
    @api.readonly
    def get_payment_figures(self, domain):
        """Count and add up the payments of a domain, in one query and under the user's rights.

        :param list domain: what the page shows.
        :return: {"figures": {name: [{currency_id, count, amount}]}, "rate": percentage or False}.
            A figure has one entry for each currency in which there is something; the rate is
            collected / (collected + failed or returned and still owed), of the amounts in the
            first currency, that of the company where it has any.
        """
        rows = self._payment_figure_rows(domain)
        own = self.env.company.currency_id.id
        figures = {name: {} for name in FIGURES}
        for currency_id, status, follow_up, count, amount in rows:
            for name, counts in FIGURES.items():
                if counts(status, follow_up):
                    figure = figures[name].setdefault(currency_id, [0, 0])
                    figure[0] += count
                    figure[1] += amount
        found = sorted({row[0] for row in rows}, key=lambda currency: (currency != own, currency))
        shown = {
            name: [
                {
                    "currency_id": currency_id,
                    "count": figure[currency_id][0],
                    "amount": float(figure[currency_id][1]),
                }
                for currency_id in found
                if currency_id in figure
            ]
            for name, figure in figures.items()
        }
        return {"figures": shown, "rate": self._payment_rate(shown, found)}

    @api.model
    def _payment_figure_rows(self, domain):
        """Return [(currency id, status, follow-up, count, amount)] of what the user may see."""
        query = self._search(Domain(domain) & Domain("payment_status", "!=", False))
        columns = ("currency_id", "payment_status", "payment_follow_up")
        keys = SQL(", ").join(SQL.identifier(self._table, name) for name in columns)
        amount = SQL.identifier(self._table, "amount")
        # Not `_read_group`: its order by currency sorts every row before it is counted.
        return self.env.execute_query(
            SQL(
                "%s GROUP BY %s",
                query.select(keys, SQL("count(*)"), SQL("sum(%s)", amount)),
                keys,
            )
        )

    @api.model
    def _payment_rate(self, figures, found):
        """Return the share of the decided amounts that is in, in percent; False for none."""
        if not found:
            return False
        collected, owed = (
            sum(row["amount"] for row in figures[name] if row["currency_id"] == found[0])
            for name in ("collected", "still_owed")
        )
        decided = collected + owed
        return round(100 * collected / decided, 1) if decided else False
