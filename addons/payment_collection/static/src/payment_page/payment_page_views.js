import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { withPaymentExport } from "../payment_export/payment_export_menu";
import { PaymentFigures } from "./payment_figures";

export class PaymentPageListController extends withPaymentExport(ListController) {
    static template = "payment_collection.PaymentPageList";
    static components = { ...ListController.components, PaymentFigures };
}

export class PaymentPageKanbanController extends withPaymentExport(KanbanController) {
    static template = "payment_collection.PaymentPageKanban";
    static components = { ...KanbanController.components, PaymentFigures };
}

const views = registry.category("views");

views.add("payment_page_list", { ...listView, Controller: PaymentPageListController });
views.add("payment_page_kanban", { ...kanbanView, Controller: PaymentPageKanbanController });
