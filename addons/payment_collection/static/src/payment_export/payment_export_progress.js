import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// A message may get lost, or the bus be closed: what is stored is read again now and then.
const READ_AGAIN = 5000;

/** How far an export is that is made in the background; moves while it is looked at. */
export class PaymentExportProgress extends Component {
    static template = "payment_collection.PaymentExportProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.heard = useState({ figures: null });
        this.onMessage = (figures) => this.show(figures);
        onMounted(() => {
            this.channel = `payment.export_${this.props.record.resId}`;
            this.bus.addChannel(this.channel);
            this.bus.subscribe("payment_export.progress", this.onMessage);
            this.timer = setInterval(() => this.readAgain(), READ_AGAIN);
        });
        onWillUnmount(() => {
            clearInterval(this.timer);
            this.bus.unsubscribe("payment_export.progress", this.onMessage);
            this.bus.deleteChannel(this.channel);
        });
    }

    get figures() {
        const { data, resId } = this.props.record;
        const stored = { state: data.state, done: data.done_count, total: data.to_do_count };
        const heard = this.heard.figures;
        return heard?.id === resId ? heard : stored;
    }

    get percent() {
        const { done, total } = this.figures;
        return total ? Math.min(100, Math.round((100 * done) / total)) : 0;
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

    show(figures) {
        const { record } = this.props;
        if (figures.id !== record.resId) {
            return;
        }
        this.heard.figures = figures;
        // The buttons, the file and its figures follow the state.
        if (figures.state !== record.data.state) {
            record.load();
        }
    }

    async readAgain() {
        const { resId, data } = this.props.record;
        if (["queued", "running"].includes(data.state) && !document.hidden) {
            const [figures] = await this.orm.silent.call("payment.export", "get_progress", [
                [resId],
            ]);
            this.show(figures);
        }
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
