import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

/** Contract to bank line around a record, and everything that happened, the newest first. */
export class PaymentCycle extends Component {
    static template = "payment_collection.PaymentCycle";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.cycle = useState({ steps: [], events: [], isLoaded: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        if (!record.resId) {
            return;
        }
        const answer = this.orm.silent.call("payment.cycle", "get_cycle", [
            record.resModel,
            record.resId,
        ]);
        Object.assign(this.cycle, await this.keepLast.add(answer), { isLoaded: true });
    }

    isHere(model, id) {
        const { resModel, resId } = this.props.record;
        return model === resModel && id === resId;
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    amount(record) {
        return record.currency_id ? formatCurrency(record.amount, record.currency_id) : "";
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openAll(step) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: step.name,
            res_model: step.model,
            domain: [["id", "in", step.ids]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    moreLabel(step) {
        return _t("All %(count)s", { count: step.count });
    }
}

registry.category("view_widgets").add("payment_cycle", { component: PaymentCycle });
