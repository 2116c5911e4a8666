import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";

// A message may get lost, or the bus be closed: what is stored is read again now and then.
const READ_AGAIN = 10000;

/** How far a collection run has come; moves while it is looked at. */
export class RunProgress extends Component {
    static template = "payment_collection.RunProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.heard = useState({ figures: null });
        this.onMessage = (figures) => this.show(figures);
        onMounted(() => {
            this.channel = `payment.run_${this.props.record.resId}`;
            this.bus.addChannel(this.channel);
            this.bus.subscribe("payment_run.progress", this.onMessage);
            this.timer = setInterval(() => this.readAgain(), READ_AGAIN);
        });
        onWillUnmount(() => {
            clearInterval(this.timer);
            this.bus.unsubscribe("payment_run.progress", this.onMessage);
            this.bus.deleteChannel(this.channel);
        });
    }

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

    get figures() {
        const heard = this.heard.figures;
        return heard && heard.id === this.props.record.resId ? heard : this.stored;
    }

    get percent() {
        const { done, total } = this.figures;
        return total ? Math.min(100, Math.round((100 * done) / total)) : 0;
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

    show(figures) {
        const record = this.props.record;
        if (figures.id !== record.resId) {
            return;
        }
        this.heard.figures = figures;
        // The buttons and the lines follow the state; what a person is typing is left alone.
        if (figures.state !== record.data.state && !record.dirty) {
            record.load().then(() => (this.heard.figures = null));
        }
    }

    async readAgain() {
        const { resId, data } = this.props.record;
        if (["running", "paused"].includes(data.state) && !document.hidden) {
            const [figures] = await this.orm.silent.call("payment.run", "get_progress", [[resId]]);
            this.show(figures);
        }
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
