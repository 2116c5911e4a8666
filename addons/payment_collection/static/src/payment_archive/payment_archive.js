import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { filterText } from "../payment_export/payment_export_menu";
import { PaymentFigures } from "../payment_page/payment_figures";
import { PaymentPageKanbanController, PaymentPageListController } from "../payment_page/payment_page_views";
import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";

const ARCHIVES = "payment_collection.payment_archive_action";
const LIMIT = 1000;

/** The archives are read-only: what is done to payments is not offered there. */
const readOnly = (Controller) =>
    class extends Controller {
        get actionMenuItems() {
            const { action } = super.actionMenuItems;
            return { action: action.filter((item) => item.key === "export") };
        }
    };

const views = registry.category("views");

views.add("payment_archive_list", {
    ...listView,
    Controller: readOnly(PaymentPageListController),
});
views.add("payment_archive_kanban", {
    ...kanbanView,
    Controller: readOnly(PaymentPageKanbanController),
});

/** How many more the search of the daily view would find in the archives, and the way there. */
export class PaymentArchiveLink extends Component {
    static template = "payment_collection.PaymentArchiveLink";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ count: 0 });
        onMounted(() => this.load());
        onWillUpdateProps((next) => {
            if (next.list !== this.props.list) {
                this.load();
            }
        });
    }

    get searchModel() {
        return this.env.searchModel;
    }

    /** Only the daily view leaves the archives out. */
    get isDailyView() {
        const domain = JSON.stringify(this.searchModel.globalDomain || []);
        return domain.includes('["payment_archived_on","=",false]');
    }

    get searched() {
        return this.searchModel._getDomain({ withGlobal: false });
    }

    async load() {
        const domain = this.searched;
        if (!this.isDailyView || !domain.length) {
            this.state.count = 0;
            return;
        }
        const archived = [
            "&",
            ["payment_status", "!=", false],
            "&",
            ["payment_archived_on", "!=", false],
            ...domain,
        ];
        const call = this.orm.silent.searchCount("payment.transaction", archived, {
            limit: LIMIT + 1,
        });
        this.state.count = await this.keepLast.add(call);
    }

    get label() {
        return this.state.count > LIMIT
            ? _t("More than %(count)s in the archives", { count: LIMIT })
            : _t("%(count)s in the archives", { count: this.state.count });
    }

    open() {
        const description = filterText(this.searchModel) || _t("Search of the Payments page");
        return this.action.doAction(ARCHIVES, {
            props: { dynamicFilters: [{ description, domain: this.searched }] },
        });
    }
}

PaymentFigures.components = { ...PaymentFigures.components, PaymentArchiveLink };
