import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const menu = (xmlid) => `[data-menu-xmlid="payment_collection.${xmlid}"]`;

registry.category("web_tour.tours").add("payment_dashboard", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Finance opens on its dashboard",
            trigger: '.o_app[data-menu-xmlid="payment_direct_debit.menu_root"]',
            run: "click",
        },
        {
            content: "the figures are drawn",
            trigger: ".o_spreadsheet_dashboard_action .o-figure canvas",
        },
        {
            content: "and nothing in a cell went wrong",
            trigger: "body:not(:has(.o_error_dialog)):not(:has(.o-error-tooltip))",
        },
        { trigger: menu("payment_statistics_menu"), run: "click" },
        { trigger: menu("payment_statistics_menu_reason"), run: "click" },
        { content: "failures by reason", trigger: ".o_graph_renderer canvas" },
        { trigger: menu("payment_statistics_menu"), run: "click" },
        { trigger: menu("payment_statistics_menu_overview"), run: "click" },
        { content: "month by month", trigger: ".o_pivot td.o_pivot_cell_value, .o_view_nocontent" },
        { trigger: menu("payment_statistics_menu"), run: "click" },
        { trigger: menu("payment_cohort_menu"), run: "click" },
        { content: "cohorts", trigger: ".o_control_panel select[name=measure]", run: "select rate" },
        { trigger: ".o_control_panel select[name=count]", run: "select 36" },
        { trigger: ".o_payment_cohort table td button", run: "click" },
        { content: "the payments behind a cell", trigger: ".o_list_view .o_data_row" },
    ],
});
