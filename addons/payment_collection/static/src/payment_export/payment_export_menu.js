import { Component, useSubEnv } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const FINANCE = "payment_direct_debit.group_payment_user";
const EXPORT = "base.group_allow_export";
const ACTION = "payment_collection.payment_export_wizard_action";

/** The filter of a page in words: its facets, and what is checked in its search panel. */
export function filterText(searchModel) {
    const facets = searchModel.facets
        .filter((facet) => facet.type !== "groupBy")
        .map(({ title, values }) => {
            const words = values.join(" / ");
            return title ? _t("%(title)s: %(words)s", { title, words }) : words;
        });
    const sections = searchModel.getSections((section) => section.type === "filter");
    const checked = sections.flatMap((section) => {
        const values = [...section.values.values()].filter((value) => value.checked);
        const words = values.map((value) => value.display_name).join(" / ");
        return words ? [_t("%(title)s: %(words)s", { title: section.description, words })] : [];
    });
    return [...facets, ...checked].join(" · ") || _t("All payments");
}

/**
 * Open the window that asks what to export: the selected payments, or all that the filter finds,
 * not only those of the page shown.
 *
 * @param {Object} action the action service
 * @param {Object} searchModel of the page
 * @param {number[]} [ids] the selected payments; none: all of the filter
 * @param {string[]} [columns] the fields that the page shows
 */
export function openExport(action, searchModel, ids = [], columns = []) {
    const domain = ids.length ? [["id", "in", ids]] : searchModel.domain;
    const text = ids.length
        ? _t("%(count)s selected payments", { count: ids.length })
        : filterText(searchModel);
    return action.doAction(ACTION, {
        additionalContext: {
            default_kind: "payments",
            default_domain: JSON.stringify(domain),
            default_filter_text: text,
            default_shown_columns: JSON.stringify(columns),
            default_column_set: columns.length ? "shown" : "essential",
        },
    });
}

/** Make a list or kanban of payments export by us, with a record of it, instead of by Odoo. */
export function withPaymentExport(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            this.actionService = useService("action");
            // For the menu beside the title, which exports what the page shows.
            useSubEnv({ paymentExportColumns: () => this.shownColumns });
        }

        getStaticActionMenuItems() {
            const items = super.getStaticActionMenuItems();
            return { ...items, export: { ...items.export, callback: () => this.exportPayments() } };
        }

        exportPayments() {
            const { isDomainSelected, selection } = this.model.root;
            const ids = isDomainSelected ? [] : selection.map((record) => record.resId);
            return openExport(this.actionService, this.env.searchModel, ids, this.shownColumns);
        }

        get shownColumns() {
            return this.getExportableFields?.().map((field) => field.name) || [];
        }
    };
}

/** “Export” in the menu beside the title, when nothing is selected. */
export class PaymentExportMenu extends Component {
    static template = "payment_collection.PaymentExportMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    onSelected() {
        const { searchModel, paymentExportColumns } = this.env;
        return openExport(this.action, searchModel, [], paymentExportColumns?.() || []);
    }
}

registry.category("cogMenu").add(
    "payment-export-menu",
    {
        Component: PaymentExportMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async ({ config, searchModel, model }) =>
            searchModel?.resModel === "payment.transaction" &&
            config.viewType !== "form" &&
            !model?.root?.selection?.length &&
            (await user.hasGroup(FINANCE)) &&
            user.hasGroup(EXPORT),
    },
    { sequence: 9 }
);
