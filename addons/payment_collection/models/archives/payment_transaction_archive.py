from odoo import fields, models
from odoo.exceptions import AccessError

ARCHIVE_FIELDS = frozenset({"payment_archived_on", "payment_back_on", "payment_archive_year"})
# What moves with these has happened to the payment, whoever tells of it.
WAKES = frozenset({"state", "debit_status", "debit_reason_id", "payout_id"})
MANAGER = "payment_direct_debit.group_payment_manager"
ARCHIVED = "WHERE payment_archived_on IS NOT NULL"


class PaymentTransaction(models.Model):
    """Payments out of the daily view: still there, still searchable, and back by themselves as
    soon as something happens to them."""

    _inherit = "payment.transaction"

    payment_archived_on = fields.Date(string="Archived On", readonly=True, copy=False)
    payment_archive_year = fields.Selection(
        [(str(year), str(year)) for year in range(2000, 2100)],
        string="Year",
        readonly=True,
        copy=False,
        help="The year that an archived payment was asked for.",
    )
    payment_back_on = fields.Date(
        string="Back From the Archives On",
        readonly=True,
        copy=False,
        help="From then on it stays in the daily view for as long as a new payment.",
    )

    # As those of the daily view: each payment is in one set of them only.
    _archive_id_idx = models.Index(f"(id) {ARCHIVED}")
    _archive_figures_idx = models.Index(
        "(company_id, payment_status, payment_follow_up) INCLUDE (amount, currency_id)"
        f" {ARCHIVED} AND payment_status IS NOT NULL"
    )
    _archive_year_idx = models.Index(
        "(payment_archive_year, company_id, payment_status, payment_follow_up)"
        " INCLUDE (amount, currency_id, rep_id, partner_id, provider_id, debit_reason_id)"
        f" {ARCHIVED} AND payment_status IS NOT NULL"
    )
    _archive_day_idx = models.Index(
        "(payment_day, payment_status) INCLUDE (amount, company_id)"
        f" {ARCHIVED} AND payment_status IS NOT NULL"
    )
    _archive_rep_idx = models.Index(
        f"(rep_id, company_id) INCLUDE (amount) {ARCHIVED} AND payment_status IS NOT NULL"
    )
    _archive_partner_idx = models.Index(
        f"(partner_id, company_id) INCLUDE (amount) {ARCHIVED} AND payment_status IS NOT NULL"
    )

    @property
    def _state_guarded(self):
        return super()._state_guarded | ARCHIVE_FIELDS

    def write(self, vals):
        archived = self.browse()
        if WAKES & vals.keys():
            archived = self.sudo().filtered("payment_archived_on")
        result = super().write(vals)
        archived._archive_leave(self.env._("Back from the archives: something happened to it"))
        return result

    def _archive_leave(self, reason):
        """Bring payments back to the daily view, where they stay as long as new ones.

        :param str reason: why, for the history.
        :return: those that were in the archives.
        """
        archived = self.sudo().filtered("payment_archived_on")
        if archived:
            archived._state_write(
                {
                    "payment_archived_on": False,
                    "payment_archive_year": False,
                    "payment_back_on": fields.Date.context_today(self),
                }
            )
            archived._state_note(reason)
        return archived

    def action_payment_bring_back(self):
        """Bring payments back from the archives; for a finance manager.

        :raise AccessError: for anybody else, and for payments of other companies.
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only a finance manager brings payments back from the archives.")
            )
        self.check_access("write")
        self._archive_leave(self.env._("Brought back from the archives"))
        return True

    def _page_effects_archived(self):
        """Return {payment id: why nothing is done to it} of those in the archives."""
        text = self.env._(
            "In the archives, which are read-only: a finance manager brings it back first"
        )
        return {payment.id: text for payment in self.sudo() if payment.payment_archived_on}
