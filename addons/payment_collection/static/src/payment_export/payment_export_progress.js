import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { LiveProgress } from "../live_progress/live_progress";

/** How far an export is that is made in the background. */
export class PaymentExportProgress extends LiveProgress {
    static template = "payment_collection.PaymentExportProgress";
    static model = "payment.export";
    static message = "payment_export.progress";
    static movingStates = ["queued", "running"];
    static readAgainEvery = 5000;

    get stored() {
        const { data } = this.props.record;
        return { state: data.state, done: data.done_count, total: data.to_do_count };
    }

    get label() {
        const { state } = this.figures;
        const done = formatInteger(this.figures.done);
        const total = formatInteger(this.figures.total);
        if (state === "queued") {
            return _t("Waiting for its turn: %(total)s rows", { total });
        }
        return _t("%(done)s of %(total)s rows written", { done, total });
    }
}

registry.category("view_widgets").add("payment_export_progress", {
    component: PaymentExportProgress,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "done_count", type: "integer" },
        { name: "to_do_count", type: "integer" },
    ],
});
