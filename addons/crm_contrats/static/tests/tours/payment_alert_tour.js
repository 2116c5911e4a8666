import { registry } from "@web/core/registry";

const paused = ".o_data_row:contains(Demo bank is paused)";
const overpaid = ".o_data_row:contains(was owed to nobody)";

registry.category("web_tour.tours").add("payment_alert_work", {
    steps: () => [
        { trigger: ".o_facet_value:contains(To look at)" },
        // Read one, and what to do about it.
        { trigger: `${paused} td[name=message]`, run: "click" },
        { trigger: ".o_form_view h1:contains(Provider paused)" },
        { trigger: ".o_form_view div:contains(Nothing leaves by this provider)" },
        { trigger: "button[name=action_assign_to_me]", run: "click" },
        { trigger: ".o_field_widget[name=history_ids] td:contains(Assigned to)" },
        { trigger: "body:not(:has(button[name=action_assign_to_me]))" },
        // Put it off until next week.
        { trigger: ".o_form_view button[name=action_snooze]", run: "click" },
        { trigger: ".modal input[data-value=week]", run: "click" },
        { trigger: ".modal input[data-value=week]:checked" },
        { trigger: ".modal button[name=action_snooze]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_form_view .alert-info:contains(Snoozed until)" },
        { trigger: ".breadcrumb-item a:contains(Alerts)", run: "click" },
        { trigger: `.o_list_view:not(:has(${paused})) ${overpaid}` },
        // Close another with a comment.
        { trigger: `${overpaid} .o_list_record_selector input`, run: "click" },
        { trigger: ".o_control_panel button[name=action_close]", run: "click" },
        {
            trigger: ".modal [name=comment] textarea",
            run: "edit The client keeps it for June.",
        },
        { trigger: ".modal button[name=action_close]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_view_nocontent:contains(All is well)" },
        // Find it among the closed ones.
        { trigger: ".o_facet_remove", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(/^Closed$/)", run: "click" },
        { trigger: ".o_facet_value:contains(Closed)" },
        { trigger: `${overpaid} td[name=message]`, run: "click" },
        { trigger: ".o_form_view .alert-success:contains(The client keeps it for June.)" },
    ],
});
