import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("payment_run_preview_and_start", {
    steps: () => [
        { trigger: "button[name=action_preview]", run: "click" },
        { trigger: "[name=preview_line_ids] .o_data_row:contains(To be debited)" },
        { trigger: "[name=preview_line_ids] .o_data_row:contains(Client on hold)" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".o_payment_run_progress .progress[aria-label]" },
        { trigger: "button[name=action_pause]", run: "click" },
        { trigger: "button[name=action_resume]" },
    ],
});

tours.add("payment_run_resume", {
    steps: () => [
        { trigger: ".o_payment_run_done:contains(0)" },
        { trigger: "button[name=action_resume]", run: "click" },
        { trigger: "button[name=action_pause]" },
    ],
});

tours.add("payment_run_done", {
    steps: () => [
        { trigger: ".o_payment_run_done:contains(4)" },
        { trigger: ".o_payment_run_progress .progress[aria-valuenow='100']" },
        { trigger: ".o_arrow_button_current[data-value=done]" },
        { trigger: "[name=line_ids] .o_data_row:contains(Client on hold)" },
    ],
});
