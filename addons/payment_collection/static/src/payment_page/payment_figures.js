import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatPercentage } from "@web/views/fields/formatters";
import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";

const PREFIX = "figure_";

/**
 * The figures of what the page shows, in one query; each is a filter as well.
 *
 * They are those of the filter without the figures that are pressed: a person who looks at what
 * failed still sees what was collected beside it.
 */
export class PaymentFigures extends Component {
    static template = "payment_collection.PaymentFigures";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ figures: null, rate: false });
        onMounted(() => this.load());
        onWillUpdateProps((next) => {
            if (next.list !== this.props.list) {
                this.load();
            }
        });
    }

    get boxes() {
        return [
            { name: "due", label: _t("Due"), tone: "" },
            { name: "in_flight", label: _t("In flight"), tone: "info" },
            { name: "collected", label: _t("Collected"), tone: "success" },
            { name: "failed", label: _t("Failed"), tone: "danger" },
            { name: "returned", label: _t("Returned"), tone: "danger" },
            { name: "recovered", label: _t("Recovered"), tone: "success" },
        ].map((box) => ({ ...box, ...this.read(box.name), isActive: this.isActive(box.name) }));
    }

    get rate() {
        const { figures, rate } = this.state;
        if (!figures || rate === false) {
            return "–";
        }
        return formatPercentage(rate / 100, { digits: [16, 1] });
    }

    read(name) {
        const rows = this.state.figures?.[name] || [];
        return {
            count: this.state.figures ? rows.reduce((sum, row) => sum + row.count, 0) : "…",
            amounts: rows.map((row) => formatCurrency(row.amount, row.currency_id)),
        };
    }

    item(name) {
        const items = Object.values(this.env.searchModel.searchItems);
        return items.find((item) => item.type === "filter" && item.name === PREFIX + name);
    }

    isActive(name) {
        const id = this.item(name)?.id;
        return this.env.searchModel.query.some((element) => element.searchItemId === id);
    }

    /** The domain of the page without the figures that are pressed. */
    get domain() {
        const model = this.env.searchModel;
        const isFigure = ({ searchItemId }) =>
            model.searchItems[searchItemId].name?.startsWith(PREFIX);
        const query = model.query.filter((element) => !isFigure(element));
        // The same model, seen with another query: nothing of the real one changes.
        return Object.create(model, { query: { value: query } })._getDomain();
    }

    async load() {
        const answer = this.orm.silent.call("payment.transaction", "get_payment_figures", [
            this.domain,
        ]);
        Object.assign(this.state, await this.keepLast.add(answer));
    }

    toggle(name) {
        this.env.searchModel.toggleSearchItem(this.item(name).id);
    }

    ariaLabel(box) {
        const { label, count } = box;
        const amount = box.amounts.join(" + ") || "0";
        return _t("%(label)s: %(count)s payments, %(amount)s", { label, count, amount });
    }
}
