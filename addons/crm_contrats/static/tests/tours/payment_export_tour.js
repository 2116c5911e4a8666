import { registry } from "@web/core/registry";

const row = ".o_list_view .o_data_row";

registry.category("web_tour.tours").add("payment_export", {
    steps: () => [
        // Only what has failed is exported, as the page shows it.
        { trigger: ".o_payment_figure[data-figure=failed][aria-pressed=false]", run: "click" },
        { trigger: ".o_facet_value:contains(Failed)" },
        { trigger: `${row}:contains(Ateliers Rousseau)` },
        { trigger: ".o_cp_action_menus button", run: "click" },
        { trigger: ".o-dropdown--menu .o_payment_export_menu", run: "click" },
        { trigger: ".modal div[name=count]:contains(1)" },
        { trigger: ".modal div[name=filter_text]:contains(Failed)" },
        { trigger: ".modal div[name=file_format] label:contains(CSV)", run: "click" },
        { trigger: ".modal button[name=action_export]", run: "click" },
        // What it says of itself.
        { trigger: ".o_form_view .o_statusbar_status button.o_arrow_button_current:contains(Done)" },
        { trigger: ".o_form_view div[name=filter_text]:contains(Failed)" },
        { trigger: ".o_form_view div[name=record_count]:contains(1)" },
        { trigger: ".o_form_view div[name=total_text]:contains(23.99)" },
        { trigger: ".o_form_view div[name=sha256] span:not(:empty)" },
        { trigger: ".o_form_view button[name=action_check_file]", run: "click" },
        { trigger: ".o_notification:contains(The file is the one that was exported)" },
        // It stays on the Exports screen.
        { trigger: "[data-menu-xmlid='payment_direct_debit.menu_payments']", run: "click" },
        { trigger: "[data-menu-xmlid='payment_collection.payment_export_menu']", run: "click" },
        { trigger: `${row}:contains(Failed) .badge:contains(Done)` },
        { trigger: `${row} button[name=action_download]` },
        { trigger: `${row} td[name=filter_text]:contains(Failed)`, run: "click" },
        { trigger: ".o_form_view div[name=file] a.o_form_uri:contains(payments_)" },
        { trigger: ".o_form_view button[name=action_reopen]", run: "click" },
        { trigger: `.o_payment_figures` },
        { trigger: `${row}:contains(Ateliers Rousseau)` },
    ],
});
