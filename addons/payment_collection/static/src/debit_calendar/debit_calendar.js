import { formatCurrency } from "@web/core/currency";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDraggable } from "@web/core/utils/draggable";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { DebitDay } from "./debit_day";

const { DateTime } = luxon;
const LINE = 1;
const TONES = {
    planned: "body",
    sent: "info",
    collected: "success",
    failed: "danger",
};

/** A month of debits: what is planned, sent, collected and failed on each day. */
export class DebitCalendar extends Component {
    static template = "payment_collection.DebitCalendar";
    static components = { DebitDay, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useState(useService("ui"));
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.state = useState({
            month: serializeDate(DateTime.local().startOf("month")),
            providerId: false,
            repId: false,
            selected: false,
            over: false,
            version: 0,
            ...this.props.state?.debitCalendar,
        });
        this.calendar = useState({ days: [], totals: {} });
        this.filters = { providers: [], reps: [], figures: [] };
        useSetupAction({ getLocalState: () => ({ debitCalendar: { ...this.state } }) });
        useDraggable({
            ref: this.root,
            elements: ".o_debit_item_movable",
            ignore: "button",
            cursor: "grabbing",
            enable: () => !this.ui.isSmall,
            onDrag: ({ x, y }) => (this.state.over = this.dayAt(x, y)),
            onDrop: ({ element, x, y }) => this.drop(Number(element.dataset.id), this.dayAt(x, y)),
            onDragEnd: () => (this.state.over = false),
        });
        useEffect(
            () => this.scrollOnPhone(),
            () => [this.state.month, this.state.selected, this.ui.isSmall]
        );
        onWillStart(async () => {
            const filters = this.orm.call("payment.debit.calendar", "get_filters", []);
            [this.filters] = await Promise.all([filters, this.load()]);
        });
    }

    async load() {
        const { month, providerId, repId } = this.state;
        const answer = this.orm.silent.call("payment.debit.calendar", "get_calendar", [
            month,
            providerId,
            repId,
        ]);
        Object.assign(this.calendar, await this.keepLast.add(answer));
    }

    /** On a phone the list begins with what comes, not with the first of the month. */
    scrollOnPhone() {
        if (this.ui.isSmall) {
            const shown = this.state.selected ? ".o_debit_panel" : ".o_debit_day_today";
            this.root.el.querySelector(shown)?.scrollIntoView();
        }
    }

    // What is shown

    get month() {
        return deserializeDate(this.state.month);
    }

    get monthTitle() {
        return this.month.toLocaleString({ month: "long", year: "numeric" });
    }

    get weekdays() {
        return this.calendar.days.slice(0, 7).map(({ day }) => ({
            short: deserializeDate(day).toLocaleString({ weekday: "short" }),
            long: deserializeDate(day).toLocaleString({ weekday: "long" }),
        }));
    }

    get totals() {
        return this.filters.figures.map(([name, label]) => ({
            ...this.figure(name, label, this.calendar.totals[name]),
            title: _t("Open what is counted here"),
        }));
    }

    get isEmpty() {
        return !Object.keys(this.calendar.totals).length;
    }

    get earliest() {
        const { earliest } = this.calendar;
        return earliest && deserializeDate(earliest).toLocaleString(DateTime.DATE_HUGE);
    }

    /** On a phone: the days of the month on which there is something to see. */
    get listedDays() {
        return this.calendar.days.filter(
            (cell) =>
                !cell.is_outside &&
                (Object.keys(cell.figures).length || cell.holiday || this.isToday(cell))
        );
    }

    get selectedDay() {
        return this.calendar.days.find(({ day }) => day === this.state.selected);
    }

    figures(cell) {
        return this.filters.figures
            .filter(([name]) => cell.figures[name])
            .map(([name, label]) => this.figure(name, label, cell.figures[name]));
    }

    figure(name, label, { count, held, amounts } = { count: 0, held: 0, amounts: [] }) {
        const amount = amounts.map(([id, value]) => formatCurrency(value, id)).join(" + ");
        const values = { label, count, amount: amount || "0", held };
        return {
            name,
            label,
            count,
            held,
            amount,
            tone: TONES[name],
            text: held
                ? _t("%(label)s: %(count)s debits, %(amount)s, %(held)s of them held", values)
                : _t("%(label)s: %(count)s debits, %(amount)s", values),
        };
    }

    isToday(cell) {
        return cell.day === this.calendar.today;
    }

    number(cell) {
        return deserializeDate(cell.day).day;
    }

    longDay(cell) {
        return deserializeDate(cell.day).toLocaleString(DateTime.DATE_HUGE);
    }

    dayClass(cell) {
        return {
            o_debit_day_outside: cell.is_outside,
            o_debit_day_closed: cell.is_closed,
            o_debit_day_today: this.isToday(cell),
            o_debit_day_selected: cell.day === this.state.selected,
            o_debit_day_over: cell.day === this.state.over,
        };
    }

    // What a person does

    move(months) {
        this.show(serializeDate(this.month.plus({ months })));
    }

    today() {
        this.show(this.calendar.today);
    }

    show(day, selected = false) {
        this.state.month = serializeDate(deserializeDate(day).startOf("month"));
        this.state.selected = selected;
        return this.load();
    }

    filter(name, value) {
        this.state[name] = Number(value) || false;
        return this.load();
    }

    select(cell) {
        this.state.selected = cell.day === this.state.selected ? false : cell.day;
    }

    domain(days, figure = false) {
        const domain = [["debit_day", "in", days]];
        if (figure) {
            domain.push(["debit_figure", "=", figure]);
        }
        if (this.state.providerId) {
            domain.push(["debit_provider_id", "=", this.state.providerId]);
        }
        if (this.state.repId) {
            domain.push(["partner_id.user_id", "=", this.state.repId]);
        }
        return domain;
    }

    openFigure(figure, cell) {
        const days = cell
            ? [cell.day]
            : this.calendar.days.filter((other) => !other.is_outside).map(({ day }) => day);
        return this.open(this.domain(days, figure.name), cell ? this.longDay(cell) : this.monthTitle);
    }

    openDay(cell) {
        return this.open(this.domain([cell.day]), this.longDay(cell));
    }

    open(domain, name) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Debits of %s", name),
            res_model: "payment.installment",
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    // Moving

    /** While something is dragged, the page takes no pointer: the cells are found by their place. */
    dayAt(x, y) {
        const cells = [...this.root.el.querySelectorAll(".o_debit_day[data-day]")];
        const under = cells.find((cell) => {
            const { left, right, top, bottom } = cell.getBoundingClientRect();
            // The line between two cells belongs to the one after it.
            return left - LINE <= x && x < right && top - LINE <= y && y < bottom;
        });
        return under?.dataset.day || false;
    }

    drop(id, day) {
        if (day && day !== this.state.selected) {
            return this.askToMove(id, day);
        }
    }

    /** Show what the move would do; a person confirms it there, or reads why it is not allowed. */
    askToMove(id, day = false) {
        return this.action.doAction("payment_collection.payment_installment_move_action", {
            additionalContext: {
                active_model: "payment.installment",
                active_id: id,
                active_ids: [id],
                default_new_date: day,
            },
            onClose: (infos) => infos?.debited_on && this.moved(infos.debited_on),
        });
    }

    async moved(day) {
        const on = deserializeDate(day).toLocaleString(DateTime.DATE_HUGE);
        this.notification.add(_t("Debited on %s now", on), { type: "success" });
        await this.show(day, day);
        this.state.version += 1;
    }
}

registry.category("actions").add("payment_debit_calendar", DebitCalendar);
