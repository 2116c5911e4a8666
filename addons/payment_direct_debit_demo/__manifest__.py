{
    "name": "Payment: Direct Debit, Demo Bank",
    "version": "19.0.1.0.0",
    "category": "Accounting/Payment Providers",
    "summary": "A scriptable bank for tests and first tries of direct debit, without network",
    "author": "Vision CRM",
    "license": "LGPL-3",
    "depends": ["payment_direct_debit"],
    "data": [
        "security/ir.model.access.csv",
        "security/payment_direct_debit_demo_rules.xml",
        "views/payment_demo_debit_views.xml",
        "views/payment_demo_mandate_views.xml",
        "views/payment_provider_views.xml",
        "data/payment_provider_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
