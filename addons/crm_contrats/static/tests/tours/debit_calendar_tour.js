import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The next month has one debit: the installment of the tenth.
const planned =
    ".o_debit_day:not(.o_debit_day_outside):has(.o_debit_figure[data-figure=planned])";
const lastFreeDay =
    ".o_debit_day:not(.o_debit_day_outside):not(.o_debit_day_closed):not(:has(.o_debit_figure)):last";
const item = ".o_debit_panel .o_debit_item_movable:contains(Ateliers Rousseau)";

tours.add("debit_calendar_move", {
    steps: () => [
        { trigger: ".o_debit_day_today" },
        { trigger: ".o_debit_next", run: "click" },
        { trigger: ".o_debit_grid:not(:has(.o_debit_day_today:not(.o_debit_day_outside)))" },
        { trigger: ".o_debit_total[data-figure=planned]:contains(1)" },
        { trigger: `${planned} .o_debit_day_number`, run: "click" },
        { trigger: item, run: `drag_and_drop ${lastFreeDay}` },
        { trigger: ".modal .o_debit_move_effects [name=run_on]:contains(The run of)" },
        { trigger: ".modal [name=notice]:contains(is not told before a debit)" },
        { trigger: ".modal [name=invoice]:contains(the period billed stays the same)" },
        { trigger: ".modal [name=reason] input", run: "edit His salary comes later" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_notification:contains(Debited on)" },
        { trigger: ".o_debit_day_selected .o_debit_figure[data-figure=planned]:contains(1)" },
        { trigger: `${item} .o_debit_move`, run: "click" },
        { trigger: ".modal [name=new_date] input, .modal [name=new_date] button", run: "click" },
        {
            trigger: ".modal [name=new_date] input",
            run: "edit 01/02/2020 && press Tab",
        },
        { trigger: ".modal .o_debit_move_refusal:contains(is in the past)" },
        { trigger: ".modal:not(:has(button[name=action_confirm]))" },
        { trigger: ".modal button[special=cancel]:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_debit_day_selected .o_debit_figure[data-figure=planned]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Ateliers Rousseau)" },
        { trigger: ".o_back_button, .breadcrumb-item a:contains(Debit Calendar)", run: "click" },
        { trigger: item },
    ],
});
