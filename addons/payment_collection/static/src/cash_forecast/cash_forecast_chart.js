import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";

// Of the small palette of Odoo's graphs.
const EXPECTED = 0;
const CAME_IN = 2;

/** The weeks as a picture: what came in as bars, what is expected as a line within its range. */
export class CashForecastChart extends Component {
    static template = "payment_collection.CashForecastChart";
    static props = {
        weeks: Array,
        today: String,
        begin: Function, // the day on which a week begins, as text
        label: Function, // its days, as text
        range: Function, // its low and high, as text
        amount: Function,
        open: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.weeks]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get datasets() {
        const { weeks, today } = this.props;
        const scheme = cookie.get("color_scheme");
        const color = getColor(EXPECTED, scheme, 3);
        const line = { type: "line", pointRadius: 0, borderWidth: 0, pointHitRadius: 0 };
        return [
            {
                ...line,
                label: _t("Expected"),
                data: weeks.map((week) => week.expected),
                borderColor: color,
                backgroundColor: color,
                borderWidth: 2,
                pointRadius: 2,
            },
            { ...line, name: "low", label: "", data: weeks.map((week) => week.low) },
            {
                ...line,
                name: "range",
                label: _t("Range"),
                data: weeks.map((week) => week.high),
                fill: "-1",
                backgroundColor: color + "2e",
            },
            {
                type: "bar",
                label: _t("Came in"),
                data: weeks.map((week) => (week.date_from <= today ? week.actual : null)),
                backgroundColor: getColor(CAME_IN, scheme, 3),
            },
        ];
    }

    get options() {
        const { weeks, label, range, amount, open } = this.props;
        return {
            maintainAspectRatio: false,
            animation: false,
            interaction: { mode: "index", intersect: false },
            onClick: (_event, elements) => elements.length && open(weeks[elements[0].index]),
            plugins: {
                legend: { labels: { filter: ({ text }) => text } },
                tooltip: {
                    filter: ({ dataset, raw }) => dataset.name !== "low" && raw !== null,
                    callbacks: {
                        title: ([item]) => label(weeks[item.dataIndex]),
                        label: ({ dataset, raw, dataIndex }) => {
                            const isRange = dataset.name === "range";
                            const text = isRange ? range(weeks[dataIndex]) : amount(raw);
                            return `${dataset.label}: ${text}`;
                        },
                    },
                },
            },
            scales: {
                x: { grid: { display: false } },
                y: { beginAtZero: true, ticks: { callback: (value) => amount(value) } },
            },
        };
    }

    draw() {
        this.chart?.destroy();
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: this.props.weeks.map(this.props.begin),
                datasets: this.datasets,
            },
            options: this.options,
        });
    }
}
