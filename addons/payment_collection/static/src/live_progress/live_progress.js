import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * How far a record of work in the background has come; moves while it is looked at.
 *
 * The server tells {id, state, done, total, …} on the channel `<model>_<id>`, and answers the same
 * to `get_progress`. A subclass says of which model, and what `stored` figures its record has.
 */
export class LiveProgress extends Component {
    static props = { ...standardWidgetProps };
    static model = "";
    static message = "";
    // The states in which the figures move.
    static movingStates = [];
    // Milliseconds. A message may get lost, or the bus be closed: what is stored is read again.
    static readAgainEvery = 10000;

    setup() {
        const { model, message, readAgainEvery } = this.constructor;
        this.bus = useService("bus_service");
        this.orm = useService("orm");
        this.heard = useState({ figures: null });
        this.onMessage = (figures) => this.show(figures);
        onMounted(() => {
            this.channel = `${model}_${this.props.record.resId}`;
            this.bus.addChannel(this.channel);
            this.bus.subscribe(message, this.onMessage);
            this.timer = setInterval(() => this.readAgain(), readAgainEvery);
        });
        onWillUnmount(() => {
            clearInterval(this.timer);
            this.bus.unsubscribe(message, this.onMessage);
            this.bus.deleteChannel(this.channel);
        });
    }

    get figures() {
        const heard = this.heard.figures;
        return heard?.id === this.props.record.resId ? heard : this.stored;
    }

    get percent() {
        const { done, total } = this.figures;
        return total ? Math.min(100, Math.round((100 * done) / total)) : 0;
    }

    show(figures) {
        const { record } = this.props;
        if (figures.id !== record.resId) {
            return;
        }
        this.heard.figures = figures;
        // The rest of the form follows the state; what a person is typing is left alone.
        if (figures.state !== record.data.state && !record.dirty) {
            record.load().then(() => (this.heard.figures = null));
        }
    }

    async readAgain() {
        const { resId, data } = this.props.record;
        const { model, movingStates } = this.constructor;
        if (movingStates.includes(data.state) && !document.hidden) {
            const [figures] = await this.orm.silent.call(model, "get_progress", [[resId]]);
            this.show(figures);
        }
    }
}
