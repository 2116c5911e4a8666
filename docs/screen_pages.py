"""The pages of which docs/screens has a picture."""

from dataclasses import dataclass

DESKTOP, PHONE = (1280, 800), (390, 844)
FIRST_ROW = (".o_data_row td.o_data_cell",)
ADMIN, REP = "admin", "claire"


@dataclass(frozen=True)
class Page:
    """One picture: where, how large, what is clicked before it is taken, and who looks.

    :param str name: of the file.
    :param str path: after /odoo/.
    :param tuple clicks: CSS selectors, clicked one after the other.
    :param str user: login; the password is the same in the demo.
    :param str show: CSS selector of what is scrolled into view.
    """

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    clicks: tuple[str, ...] = ()
    user: str = ADMIN
    show: str = ""


def view(kind):
    """The button of the control panel that shows another kind of view."""
    return (f".o_switch_view.o_{kind}",)


CONTRACTS = "action-crm_contrats.crm_contract_action"
PAYMENTS = "payments"

PAGES = (
    Page("dashboard", "finance-dashboard"),
    Page("payments", PAYMENTS),
    Page("payments_phone", PAYMENTS, PHONE),
    Page("payments_kanban", PAYMENTS, clicks=view("kanban")),
    Page("payments_calendar", PAYMENTS, clicks=view("calendar")),
    Page("payments_pivot", PAYMENTS, clicks=view("pivot")),
    Page("payments_graph", PAYMENTS, clicks=view("graph")),
    Page("payment_form", PAYMENTS, clicks=FIRST_ROW),
    Page(
        "cycle",
        PAYMENTS,
        clicks=(
            ".o_search_panel_section .o_search_panel_filter_value:last-child input",
            *FIRST_ROW,
        ),
        show=".o_notebook_headers",
    ),
    Page("payment_form_phone", PAYMENTS, PHONE, (".o_kanban_record",)),
    Page("debit_calendar", "debit-calendar"),
    Page("debit_calendar_phone", "debit-calendar", PHONE),
    Page("routing", "action-payment_collection.payment_route_action"),
    Page("route_simulation", "action-payment_collection.payment_route_simulation_action"),
    Page("dunning", "action-payment_collection.payment_dunning_action"),
    Page("retry_policies", "action-payment_collection.payment_retry_policy_action"),
    Page("alerts", "action-payment_direct_debit.payment_alert_action"),
    Page("alerts_phone", "action-payment_direct_debit.payment_alert_action", PHONE),
    Page("alert_form", "action-payment_direct_debit.payment_alert_action", clicks=FIRST_ROW),
    Page("archives", "payment-archives"),
    Page("exports", "payment-exports"),
    Page("export_form", "payment-exports", clicks=FIRST_ROW),
    Page("statistics", "payment-statistics"),
    Page("statistics_reasons", "action-payment_collection.payment_statistics_action_reason"),
    Page("statistics_recovery", "action-payment_collection.payment_statistics_action_recovery"),
    Page("cohorts", "payment-cohorts"),
    Page("cash_forecast", "cash-forecast"),
    Page("cash_forecast_phone", "cash-forecast", PHONE),
    Page("contracts_list", CONTRACTS),
    Page("contracts_list_phone", CONTRACTS, PHONE),
    Page("contract_form", CONTRACTS, clicks=FIRST_ROW),
    Page(
        "contract_schedule", CONTRACTS, clicks=(*FIRST_ROW, "button[name=action_view_installments]")
    ),
    Page("contract_invoices", CONTRACTS, clicks=(*FIRST_ROW, "button[name=action_view_invoices]")),
    Page("installments", "action-payment_collection.payment_installment_action"),
    Page(
        "installment_form", "action-payment_collection.payment_installment_action", clicks=FIRST_ROW
    ),
    Page("held", "action-payment_collection.payment_installment_action_held"),
    Page("runs", "action-payment_collection.payment_run_action"),
    Page("run_form", "action-payment_collection.payment_run_action", clicks=FIRST_ROW),
    Page("mandates", "action-payment_direct_debit.payment_mandate_action"),
    Page("mandate_form", "action-payment_direct_debit.payment_mandate_action", clicks=FIRST_ROW),
    Page("returns", "action-payment_direct_debit.payment_return_action"),
    Page("payouts", "action-payment_direct_debit.payment_payout_action"),
    Page("payout_form", "action-payment_direct_debit.payment_payout_action", clicks=FIRST_ROW),
    Page("events", "action-payment_direct_debit.payment_event_action"),
    Page("import", "action-crm_contrats.crm_contract_import_action"),
    Page("rep_payments", "action-payment_collection.payment_status_report_action", user=REP),
    Page("rep_contract", CONTRACTS, clicks=FIRST_ROW, user=REP),
)
