from odoo.addons.payment import reset_payment_provider, setup_provider

from . import models


def post_init_hook(env):
    """Give every company its own provider record."""
    setup_provider(env, "stripe_sepa")


def uninstall_hook(env):
    """Take the code off the provider records; mandates and debits stay."""
    reset_payment_provider(env, "stripe_sepa")
