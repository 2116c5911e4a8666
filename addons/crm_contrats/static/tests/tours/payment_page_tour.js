import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const failedDebit = ".o_data_row:contains(Ateliers Rousseau)";

tours.add("payment_page_find_and_retry", {
    steps: () => [
        { trigger: ".o_payment_figure[data-figure=failed][aria-pressed=false]", run: "click" },
        { trigger: ".o_payment_figure[data-figure=failed][aria-pressed=true]" },
        { trigger: ".o_facet_value:contains(Failed)" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Garage du Port)))" },
        { trigger: `${failedDebit} td[name=payment_reason]:contains(Insufficient funds)` },
        { trigger: `${failedDebit} td[name=next_step]:contains(Write to the client)` },
        { trigger: `${failedDebit} .o_list_record_selector input`, run: "click" },
        { trigger: "button[name=action_page_retry]", run: "click" },
        { trigger: ".modal .o_data_row:contains(A new debit for)" },
        { trigger: ".modal button[name=action_confirm]:contains(Retry now)", run: "click" },
        { trigger: ".modal .alert-success:contains(1 done)" },
        { trigger: ".modal button[special=cancel]:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${failedDebit} td[name=next_step]:contains(Debit presented again)` },
    ],
});

tours.add("payment_page_hold_and_release", {
    steps: () => [
        { trigger: `${failedDebit} .o_list_record_selector input`, run: "click" },
        { trigger: "button[name=action_page_hold]", run: "click" },
        { trigger: ".modal button[name=action_confirm]:contains(Hold)", run: "click" },
        { trigger: ".modal .alert-success" },
        { trigger: ".modal button[special=cancel]:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${failedDebit} td[name=next_step]:contains(Held: Held by a person)` },
        { trigger: `${failedDebit} .o_list_record_selector input`, run: "click" },
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown-item:contains(Release)", run: "click" },
        { trigger: ".modal button[name=action_confirm]:contains(Release)", run: "click" },
        { trigger: ".modal .alert-success" },
        { trigger: ".modal button[special=cancel]:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${failedDebit} td[name=next_step]:not(:contains(Held))` },
    ],
});

tours.add("payment_page_cycle", {
    steps: () => [
        { trigger: `${failedDebit} td[name=partner_id]`, run: "click" },
        { trigger: ".o_form_view .alert-danger:contains(Insufficient funds)" },
        { trigger: ".o_notebook a[name=cycle]", run: "click" },
        { trigger: ".o_payment_cycle_events li:contains(Failed)" },
        { trigger: "[data-step=payments] strong[aria-current=true]" },
        { trigger: "[data-step=contracts] a", run: "click" },
        { trigger: ".o_form_view .o_notebook a[name=payment_cycle]", run: "click" },
        { trigger: "[data-step=contracts] strong[aria-current=true]" },
        { trigger: "[data-step=mandates] a", run: "click" },
        { trigger: ".o_form_view .o_notebook a[name=cycle]", run: "click" },
        { trigger: "[data-step=returns] a", run: "click" },
        { trigger: "[data-step=installments] a", run: "click" },
        { trigger: ".o_form_view [name=due_date]" },
        { trigger: ".o_form_view .o_notebook a[name=cycle]", run: "click" },
        { trigger: "[data-step=installments] strong[aria-current=true]" },
    ],
});
