import { CashForecastChart } from "./cash_forecast_chart";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

// Below a thousandth of what came in, too high or too low is no matter.
const NO_BIAS = 0.0005;
// What the range promises: one case of ten below, one above.
const PROMISED = 0.8;

/** The cash to come, with how far such forecasts were off; one call to the server. */
export class CashForecast extends Component {
    static template = "payment_collection.CashForecast";
    static components = { ControlPanel, CashForecastChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, isWorking: false });
        onWillStart(async () => {
            this.state.data = await this.orm.call("payment.cash.forecast", "get_cash_forecast", []);
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get data() {
        return this.state.data;
    }

    get madeOn() {
        const day = this.day(this.data.made_on, { dateStyle: "long" });
        return _t("What was known on %(day)s. Installments to come, payments on their way, debts that are chased, and money that may still come back; no sales to come.", { day });
    }

    amount(value) {
        // Cents would pretend to know more than a forecast does.
        return formatCurrency(value, this.data.currency_id, { digits: [16, 0] });
    }

    percentage(share) {
        return formatPercentage(share, { digits: [16, 1] });
    }

    day(value, format = { day: "numeric", month: "short" }) {
        return deserializeDate(value).toLocaleString(format);
    }

    title(total) {
        return _t("Next %(days)s days", { days: total.days });
    }

    /** The range of a horizon, in a sentence. */
    usually(total) {
        return _t("%(low)s to %(high)s in eight cases of ten", {
            low: this.amount(total.low),
            high: this.amount(total.high),
        });
    }

    range(row) {
        return _t("%(low)s to %(high)s", {
            low: this.amount(row.low),
            high: this.amount(row.high),
        });
    }

    ofDue(total) {
        return _t("of %(due)s due by contract", { due: this.amount(total.due) });
    }

    until(total) {
        return _t("until %(day)s", { day: this.day(total.date_until) });
    }

    /** How good such forecasts were, in a sentence. */
    errorText({ days, error }) {
        if (!error) {
            return _t("Not enough past yet to tell how far this forecast is off.");
        }
        const words = { days, off: this.percentage(error.off) };
        if (Math.abs(error.bias) < NO_BIAS) {
            return _t("Over the last 12 months, the %(days)s-day forecast was off by %(off)s on average, as often too high as too low.", words);
        }
        words.bias = this.percentage(Math.abs(error.bias));
        if (error.bias > 0) {
            return _t("Over the last 12 months, the %(days)s-day forecast was off by %(off)s on average, too high by %(bias)s.", words);
        }
        return _t("Over the last 12 months, the %(days)s-day forecast was off by %(off)s on average, too low by %(bias)s.", words);
    }

    coveredText({ error }) {
        return _t("%(covered)s of %(count)s forecasts fell within their range; %(promised)s is what it promises.", {
            covered: formatPercentage(error.covered, { digits: [16, 0] }),
            count: error.count,
            promised: formatPercentage(PROMISED, { digits: [16, 0] }),
        });
    }

    weekLabel(week) {
        return _t("%(from)s to %(until)s", {
            from: this.day(week.date_from),
            until: this.day(week.date_until),
        });
    }

    weekBegin(week) {
        return this.day(week.date_from);
    }

    isThisWeek(week) {
        return week.date_from <= this.data.today && this.data.today <= week.date_until;
    }

    hasBegun(week) {
        return week.date_from <= this.data.today;
    }

    offBy(week) {
        if (!week.is_known || !week.actual) {
            return "";
        }
        const share = (week.expected - week.actual) / Math.abs(week.actual);
        return (share > 0 ? "+" : "") + this.percentage(share);
    }

    openInstallments(week) {
        return this.open("action_view_installments", week);
    }

    openPayments(week) {
        return this.open("action_view_payments", week);
    }

    /** What is behind a week: what came in, once it has begun; else what is owed. */
    openWeek(week) {
        return this.hasBegun(week) ? this.openPayments(week) : this.openInstallments(week);
    }

    async open(method, week) {
        this.action.doAction(await this.orm.call("payment.cash.forecast", method, [[week.id]]));
    }

    openRows() {
        return this.action.doAction("payment_collection.payment_cash_forecast_action_rows");
    }

    async workOut() {
        this.state.isWorking = true;
        try {
            this.state.data = await this.orm.call(
                "payment.cash.forecast",
                "action_forecast_now",
                []
            );
        } finally {
            this.state.isWorking = false;
        }
    }
}

registry.category("actions").add("payment_cash_forecast", CashForecast);
