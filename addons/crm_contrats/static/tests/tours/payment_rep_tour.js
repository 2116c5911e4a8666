import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** Fail when something that only finance may see is anywhere in the page. */
function noBankData(what) {
    return {
        content: `no bank data: ${what}`,
        trigger: "body",
        run() {
            const found = document.documentElement.innerHTML.match(
                /\b[A-Z]{2}\d{2}[ ]?(?:[0-9X•*]{4}[ ]?){3,}|RUM\d{6,}|DD\d{7}/
            );
            if (found) {
                throw new Error(`${what}: ${found[0]}`);
            }
        },
    };
}

registry.category("web_tour.tours").add("payment_rep_own_clients", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        { trigger: "body:not(:has([data-menu-xmlid='payment_direct_debit.menu_root']))" },
        { trigger: "[data-menu-xmlid='crm_contrats.menu_root']", run: "click" },
        {
            trigger: "[data-menu-xmlid='crm_contrats.payment_status_report_menu']",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(Boulangerie Grandcœur):contains(Failed)" },
        { trigger: ".o_data_row:contains(Insufficient funds)" },
        { trigger: ".o_list_view:not(:contains(Garage du Port))" },
        { trigger: ".o_pager_counter:contains(1-1), .o_list_view:not(:has(.o_data_row:eq(1)))" },
        noBankData("the list"),
        { trigger: ".o_data_row:contains(Boulangerie Grandcœur) td[name=name]", run: "click" },
        { trigger: ".o_form_view .alert-warning:contains(Insufficient funds)" },
        noBankData("the payment"),
        { trigger: ".o_form_view [name=contract_id] a", run: "click" },
        { trigger: ".o_form_view .o_notebook a[name=payment_cycle]", run: "click" },
        { trigger: "[data-step=contracts] strong[aria-current=true]" },
        { trigger: "[data-step=installments] a" },
        { trigger: ".o_payment_cycle_events li:contains(Failed)" },
        { trigger: "body:not(:has([data-step=mandates], [data-step=payouts]))" },
        noBankData("the cycle"),
        { trigger: "[data-step=installments] a", run: "click" },
        { trigger: ".o_form_view [name=due_date]" },
        { trigger: "body:not(:has(.o_field_widget[name=mandate_id]))" },
        noBankData("the installment"),
    ],
});
