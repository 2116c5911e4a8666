import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("payment_cash_forecast", {
    steps: () => [
        { trigger: ".o_view_nocontent_smiling_face:contains(No forecast yet)" },
        { trigger: ".o_cash_forecast button:contains(Work it out now)", run: "click" },
        { trigger: ".o_cash_forecast_figure[data-days='30']:contains(1,000):contains(due by contract)" },
        { trigger: ".o_cash_forecast_figure[data-days='90']:contains(Not enough past yet)" },
        { trigger: ".o_cash_forecast_chart canvas[aria-label]" },
        {
            trigger: ".o_cash_forecast_weeks tbody tr:has(td:contains(1,000)) button:first",
            run: "click",
        },
        { trigger: ".breadcrumb-item:contains(Cash Forecast)" },
        { trigger: ".o_data_row:contains(Ateliers Rousseau)" },
    ],
});
