{
    "name": "Spreadsheet Dashboard for Payments",
    "version": "19.0.1.0.0",
    "category": "Productivity/Dashboard",
    "summary": "What finance looks at first: collected, in flight, failed, recovered, and its cost",
    "author": "Vision CRM",
    "license": "LGPL-3",
    "depends": ["spreadsheet_dashboard", "payment_collection"],
    "auto_install": ["payment_collection"],
    "data": ["data/dashboards.xml", "views/dashboard_menus.xml"],
    "assets": {
        "web.assets_tests": ["spreadsheet_dashboard_payment_collection/static/tests/tours/*"],
    },
}
