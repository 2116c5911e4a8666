"""What a person does with the statistics, for the bench of the Payments page.

What the web client asks for when a menu is opened: the groups of its graph, and all the groups and
measures of its pivot. The year is the default filter, as on the last day of the bench's payments.
"""

YEAR = [("payment_day", ">=", "2025-07-01"), ("payment_day", "<", "2026-07-01")]
FAILURES = [
    "__count",
    "failure_count:sum",
    "failure_rate:avg",
    *(f"amount_owed:{what}" for what in ("sum", "sum_currency")),
    "currency_id:array_agg_distinct",
]
OVERVIEW = [
    "__count",
    *(
        f"{name}:{what}"
        for name in ("amount_collected", "amount_owed")
        for what in ("sum", "sum_currency")
    ),
    "collection_rate:avg",
    "failure_rate:avg",
    "currency_id:array_agg_distinct",
]
RECOVERY = ["failure_count:sum", "amount_recovered:sum", "recovery_rate:avg", "recovery_days:avg"]
COST = ["__count", "amount_collected:sum", "cost:sum", "fee:sum", "cost_rate:avg"]


def things_of_statistics(report):
    """Return {what a person does: function that does it}.

    :param report: payment.collection.report as a finance person sees it.
    """
    cohorts = report.env["payment.cohort.report"]

    def pivot(group_by, measures, domain=YEAR):
        return lambda: report.formatted_read_grouping_sets(domain, [[], [group_by]], measures)

    def graph(group_by, measure, domain=YEAR):
        return lambda: report.formatted_read_group(domain, [group_by], ["__count", measure])

    came_back = [*YEAR, ("payment_status", "in", ("failed", "returned"))]
    return {
        "statistics: overview by month": pivot("payment_day:month", OVERVIEW),
        "statistics: failures by reason": graph("reason_id", "failure_count:sum", came_back),
        "statistics: failures by bank": graph("bank", "failure_rate:avg"),
        "statistics: failures by provider": graph("provider_id", "failure_rate:avg"),
        "statistics: failures by day of the month": graph("day_of_month", "failure_rate:avg"),
        "statistics: failures by rep": graph("user_id", "failure_rate:avg"),
        "statistics: failures by product": graph("product_id", "failure_rate:avg"),
        "statistics: pivot by bank": pivot("bank", FAILURES),
        "statistics: pivot by product": pivot("product_id", FAILURES),
        "statistics: recovery by month": pivot("payment_day:month", RECOVERY),
        "statistics: cost by provider": pivot("provider_id", COST),
        "statistics: overview, all years": pivot("payment_day:month", OVERVIEW, []),
        "statistics: failures by bank, all years": graph("bank", "failure_rate:avg", []),
        "statistics: cost by provider, all years": pivot("provider_id", COST, []),
        "statistics: cohort table, 12 months": lambda: cohorts.get_cohort_table(12, "2026-06-01"),
        "statistics: cohort table, all years": lambda: cohorts.get_cohort_table(36, "2026-06-01"),
    }
