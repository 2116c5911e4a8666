{
    "name": "Payment Provider: GoCardless",
    "version": "19.0.1.0.0",
    "category": "Accounting/Payment Providers",
    "sequence": 350,
    "summary": "SEPA Core mandates signed and debits collected by GoCardless",
    "author": "Vision CRM",
    "license": "LGPL-3",
    "depends": ["payment_direct_debit"],
    "external_dependencies": {"python": ["gocardless-pro>=3.4"]},
    "data": [
        "views/payment_provider_views.xml",
        "data/payment_provider_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
