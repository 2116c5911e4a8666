import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { LiveProgress } from "../live_progress/live_progress";

/** How far a collection run has come. */
export class RunProgress extends LiveProgress {
    static template = "payment_collection.RunProgress";
    static model = "payment.run";
    static message = "payment_run.progress";
    static movingStates = ["running", "paused"];

    get stored() {
        const { data, resId } = this.props.record;
        return {
            id: resId,
            state: data.state,
            total: data.to_do_count,
            total_amount: data.to_do_amount,
            done: data.decided_count,
            done_amount: data.decided_amount,
            debited: data.debit_count,
            debited_amount: data.debit_amount,
            held: data.held_count,
            held_amount: data.held_amount,
            failed: data.trouble_count,
        };
    }

    get label() {
        const { done, total } = this.figures;
        return _t("%(done)s of %(total)s installments decided", { done, total });
    }

    get isAtWork() {
        return this.figures.state === "running";
    }

    amount(value) {
        return formatCurrency(value, this.props.record.data.currency_id?.id);
    }
}

const integers = ["to_do_count", "decided_count", "debit_count", "held_count", "trouble_count"];
const amounts = ["to_do_amount", "decided_amount", "debit_amount", "held_amount"];

export const runProgress = {
    component: RunProgress,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "currency_id", type: "many2one", relation: "res.currency" },
        ...integers.map((name) => ({ name, type: "integer" })),
        ...amounts.map((name) => ({ name, type: "monetary" })),
    ],
};

registry.category("view_widgets").add("payment_run_progress", runProgress);
