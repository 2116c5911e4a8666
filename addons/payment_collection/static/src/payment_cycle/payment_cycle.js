import { formatCurrency } from "@web/core/currency";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const { DateTime } = luxon;
const MORE_EVENTS = 80;

const KINDS = {
    history: { icon: "fa-arrow-right", label: _t("Change of status") },
    note: { icon: "fa-pencil", label: _t("Note") },
    begun: { icon: "fa-play", label: _t("Beginning") },
    event: { icon: "fa-rss", label: _t("Message of the provider") },
    mail: { icon: "fa-envelope-o", label: _t("Written to the client") },
    alert: { icon: "fa-exclamation-triangle", label: _t("Alert") },
    closed: { icon: "fa-check", label: _t("Alert closed") },
    payment: { icon: "fa-exchange", label: _t("Payment") },
};

/** Contract to bank line around a record, and everything that happened. */
export class PaymentCycle extends Component {
    static template = "payment_collection.PaymentCycle";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.cycle = useState({
            steps: [],
            isCut: false,
            events: [],
            hasMore: false,
            oldestFirst: false,
            isLoaded: false,
        });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        if (!record.resId) {
            return;
        }
        const answer = await this.keepLast.add(
            this.orm.silent.call("payment.cycle", "get_cycle", [record.resModel, record.resId])
        );
        Object.assign(this.cycle, {
            steps: answer.steps,
            isCut: answer.is_cut,
            events: answer.events,
            hasMore: answer.has_more,
            oldestFirst: false,
            isLoaded: true,
        });
    }

    async loadEvents(limit, oldestFirst) {
        const { resModel, resId } = this.props.record;
        const answer = await this.keepLast.add(
            this.orm.call("payment.cycle", "get_events", [resModel, resId, limit, oldestFirst])
        );
        Object.assign(this.cycle, {
            events: answer.events,
            hasMore: answer.has_more,
            oldestFirst,
        });
    }

    showMore() {
        return this.loadEvents(this.cycle.events.length + MORE_EVENTS, this.cycle.oldestFirst);
    }

    turnRound() {
        return this.loadEvents(Math.max(this.cycle.events.length, 1), !this.cycle.oldestFirst);
    }

    get timeLineLabel() {
        return this.cycle.oldestFirst
            ? _t("What happened, the oldest first")
            : _t("What happened, the newest first");
    }

    kind(event) {
        return KINDS[event.kind] || KINDS.history;
    }

    badge(tone) {
        return tone === "muted" ? "text-bg-secondary" : `text-bg-${tone}`;
    }

    isHere(model, id) {
        const { resModel, resId } = this.props.record;
        return model === resModel && id === resId;
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    /** The time of day; empty where the clock's day is not the engine's: something said later. */
    time(event) {
        if (!event.at) {
            return "";
        }
        const at = deserializeDateTime(event.at);
        return at.toISODate() === event.day ? at.toLocaleString(DateTime.TIME_SIMPLE) : "";
    }

    moment(event) {
        return event.at
            ? deserializeDateTime(event.at).toLocaleString(DateTime.DATETIME_SHORT)
            : this.date(event.day);
    }

    amount(record) {
        return record.currency_id ? formatCurrency(record.amount, record.currency_id) : "";
    }

    url(model, id) {
        return `/odoo/${model}/${id}`;
    }

    /** A click with a modifier is the browser's: it opens the link in another tab. */
    openRecord(ev, model, id) {
        if (ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        ev.preventDefault();
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
        return _t("Show all %(count)s", { count: step.count });
    }
}

registry.category("view_widgets").add("payment_cycle", { component: PaymentCycle });
