import { formatCurrency } from "@web/core/currency";
import { deserializeDate } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const TONES = { sent: "info", collected: "success", failed: "danger" };
const { DateTime } = luxon;
const LIMIT = 40;
// What failed and waits to be presented again follows its dunning, not the calendar.
const STAYS = ["unpaid"];
const FIELDS = {
    name: {},
    label: {},
    partner_id: { fields: { display_name: {} } },
    amount: {},
    currency_id: { fields: {} },
    state: {},
    debit_figure: {},
};

/** One day of the calendar: its debits, each to be moved to another day where it can be. */
export class DebitDay extends Component {
    static template = "payment_collection.DebitDay";
    static props = {
        cell: Object,
        domain: Array,
        labels: Array,
        onClose: Function,
        onMove: Function,
        onOpen: Function,
        version: Number,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ records: [], count: 0, isLoaded: false });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((next) => {
            const seen = ({ domain, version }) => JSON.stringify([domain, version]);
            if (seen(next) !== seen(this.props)) {
                return this.load(next);
            }
        });
    }

    async load({ domain }) {
        const answer = this.orm.silent.webSearchRead("payment.installment", domain, {
            specification: FIELDS,
            limit: LIMIT,
            order: "amount desc, id",
        });
        const { records, length } = await this.keepLast.add(answer);
        Object.assign(this.state, { records, count: length, isLoaded: true });
    }

    get title() {
        return deserializeDate(this.props.cell.day).toLocaleString(DateTime.DATE_HUGE);
    }

    get isCut() {
        return this.state.count > this.state.records.length;
    }

    isMovable(record) {
        return record.debit_figure === "planned" && !STAYS.includes(record.state);
    }

    tone(record) {
        return record.state === "held" ? "warning" : TONES[record.debit_figure];
    }

    status(record) {
        return this.props.labels.find(([name]) => name === record.debit_figure)?.[1] || "";
    }

    amount(record) {
        return formatCurrency(record.amount, record.currency_id.id);
    }

    openRecord(record) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "payment.installment",
            res_id: record.id,
            views: [[false, "form"]],
        });
    }
}
