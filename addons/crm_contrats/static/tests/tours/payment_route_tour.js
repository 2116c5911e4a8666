import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("payment_route_simulation", {
    steps: () => [
        { trigger: ".o_data_row:contains(To PSP B):contains(Draft)" },
        { trigger: "button[name=action_simulate]", run: "click" },
        { trigger: ".o_form_view button[name=action_view_debits]:contains(2)" },
        { trigger: "[name=line_ids] .o_data_row:contains(PSP B)" },
        { trigger: "[name=line_ids] .o_data_row:contains(PSP A)" },
        // Why this one would go elsewhere, and what the rule did with all of them.
        { trigger: "[name=examples_text] tr:contains(PSP B):contains(taken by this rule)" },
        { trigger: "[name=rule_text] td:contains(the mandate is not registered with it)" },
        // And why a debit really went where it went.
        { trigger: "button[name=action_view_debits]", run: "click" },
        { trigger: ".o_data_row:contains(Ateliers Rousseau) td[name=partner_id]", run: "click" },
        { trigger: ".o_form_view .o_notebook a[name=routing]", run: "click" },
        { trigger: "[name=routing_text] li:contains(taken, as it holds the mandate)" },
    ],
});
