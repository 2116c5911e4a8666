import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const SHADES = 10;

/** What became of the clients whose first debit fell into the same month. */
export class PaymentCohort extends Component {
    static template = "payment_collection.PaymentCohort";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Cohorts");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.state = useState({ measure: "share", count: 12, table: null });
        onWillStart(() => this.load());
    }

    get measures() {
        return [
            { id: "share", label: _t("Clients still paying") },
            { id: "rate", label: _t("Collection rate") },
            { id: "collected", label: _t("Amount collected") },
        ];
    }

    get counts() {
        return [
            { id: 12, label: _t("12 months") },
            { id: 24, label: _t("24 months") },
            { id: 36, label: _t("36 months") },
        ];
    }

    get months() {
        return [...Array(this.state.table.columns).keys()];
    }

    get highest() {
        const amounts = this.state.table.rows.flatMap((row) =>
            row.cells.map((cell) => cell.collected)
        );
        return Math.max(...amounts, 0);
    }

    async load() {
        this.state.table = await this.keepLast.add(
            this.orm.call("payment.cohort.report", "get_cohort_table", [this.state.count])
        );
    }

    async setCount(count) {
        this.state.count = Number(count);
        await this.load();
    }

    monthLabel(day) {
        return deserializeDate(day).toLocaleString({ month: "short", year: "numeric" });
    }

    value(cell) {
        const value = cell[this.state.measure];
        if (value === null) {
            return "–";
        }
        if (this.state.measure === "collected") {
            return formatMonetary(value, {
                currencyId: this.state.table.currency_id,
                humanReadable: true,
                digits: [16, 0],
            });
        }
        return this.percentage(value);
    }

    percentage(value) {
        return value === null ? "" : formatPercentage(value, { digits: [16, 0] });
    }

    /** The shade says the same as the figure; it is no more than a help for the eye. */
    shade(cell) {
        const value = cell[this.state.measure];
        const whole = this.state.measure === "collected" ? this.highest : 1;
        const level = value && whole ? Math.round((value / whole) * SHADES) : 0;
        return `o_payment_cohort_${Math.max(0, Math.min(level, SHADES))}`;
    }

    title(row, cell) {
        return _t("%(paying)s of %(size)s clients paid, %(amount)s collected", {
            paying: cell.paying,
            size: row.size,
            amount: formatMonetary(cell.collected, { currencyId: this.state.table.currency_id }),
        });
    }

    openPayments(row, cell) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Payments of the cohort"),
            res_model: "payment.cohort.report",
            views: [[false, "list"]],
            domain: [
                ["cohort_month", "=", row.cohort],
                ["months_since", "=", cell.months],
            ],
        });
    }

    analyse() {
        this.action.doAction("payment_collection.payment_cohort_report_action");
    }
}

registry.category("actions").add("payment_cohort", PaymentCohort);
