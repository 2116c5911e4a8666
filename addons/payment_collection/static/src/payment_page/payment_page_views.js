import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";
import { formatMonetary } from "@web/views/fields/formatters";
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

/** A payment is known by who pays how much, not by its number. */
export class PaymentPageCalendarModel extends CalendarModel {
    normalizeRecord(rawRecord) {
        const [client, currency] = [rawRecord.partner_id, rawRecord.currency_id];
        const amount = formatMonetary(rawRecord.amount, { currencyId: currency && currency[0] });
        const title = client ? `${client[1]} · ${amount}` : amount;
        return { ...super.normalizeRecord(rawRecord), title };
    }
}

const views = registry.category("views");

views.add("payment_page_list", { ...listView, Controller: PaymentPageListController });
views.add("payment_page_kanban", { ...kanbanView, Controller: PaymentPageKanbanController });
views.add("payment_page_calendar", { ...calendarView, Model: PaymentPageCalendarModel });
