from odoo import models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.exceptions import DebitError, ProviderMisconfigured


class PaymentProvider(models.Model):
    """The check of the connection, which says the one thing that is wrong."""

    _inherit = "payment.provider"

    # === THE SEAM === #

    def _debit_connected(self, account):
        """Fill in what the provider says about the account, and judge it.

        :param account: what `account()` of the provider's client returned.
        :return: its name, what to say when all is well, and a list of what is still missing
            although the connection works.
        :raise UserError: when no debit can be taken with this account.
        """
        return self.name, "", []

    def _debit_explain(self, error):
        """Return what is wrong, in the words of the provider's dashboard.

        :param DebitError error: what the client raised.
        """
        if isinstance(error, ProviderMisconfigured):
            return str(error)
        return self.env._(
            "%(provider)s is out of reach: %(error)s",
            provider=self._debit_setup().name,
            error=error,
        )

    # === THE CHECK === #

    def action_debit_check_connection(self):
        """Ask the provider who we are, and fill in what it says.

        :return: a notification.
        :raise UserError: with the one thing that is wrong.
        """
        self.ensure_one()
        self.check_access("write")
        account = self._debit_ask(lambda client: client.account())
        name, message, reserves = self._debit_connected(account)
        if self._debit_setup().needs_webhook_secret and not self.debit_webhook_secret:
            reserves.append(
                self.env._("There is no webhook secret: every notification is refused.")
            )
        return self._debit_notify(
            "warning" if reserves else "success",
            self.env._("Connected to %(account)s", account=name),
            " ".join(reserves) or message,
        )

    def _debit_ask(self, question):
        """Return the answer of the provider, or say in a person's words why there is none.

        :param question: function of the client.
        :raise UserError: with the one thing that is wrong.
        """
        setup = self._debit_setup()
        if not setup or self.state not in setup.api_urls:
            raise UserError(
                self.env._(
                    "Choose the state “Test Mode” or “Enabled” first: it chooses between the"
                    " provider's test environment and the real one, each with credentials of its"
                    " own."
                )
            )
        try:
            return question(self._debit_client())
        except DebitError as error:
            raise UserError(self._debit_explain(error)) from error

    def _debit_is_of_the_other(self):
        """Tell whether the credentials are those of the other environment."""
        urls = self._debit_setup().api_urls
        if self._debit_is_stand_in():
            return False  # it has no other environment
        try:
            self._debit_client_at(urls["enabled" if self.state == "test" else "test"]).account()
        except DebitError:
            return False
        return True

    def _debit_notify(self, kind, title, message):
        """Return the action that shows a notification and reads the form again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
