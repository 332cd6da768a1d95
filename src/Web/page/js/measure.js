// Measures between two points of the chart: price, percent, bars and time. The points are kept as time and price, so they stay
// where they are when other bars are loaded.
import * as write from "./format.js";
import { colours } from "./palette.js";

const pad = 8,
    row = 17;

export class Measure {
    #bars;
    #chart;
    #series;
    #update = () => {};
    #from = null;
    #to = null;
    #isFree = false;
    #views = [{ zOrder: () => "top", renderer: () => ({ draw: (target) => this.#draw(target) }) }];

    constructor(bars) {
        this.#bars = bars;
    }

    attached({ chart, series, requestUpdate }) {
        [this.#chart, this.#series, this.#update] = [chart, series, requestUpdate];
    }
    paneViews() {
        return this.#views;
    }
    updateAllViews() {}

    get isOn() {
        return this.#from !== null;
    }
    /** Whether its end goes with the crosshair. */
    get isFollowing() {
        return this.isOn && this.#isFree;
    }

    /** Begins at a time and a price. Its end goes with the crosshair, or with the hand. */
    begin(time, price, isFree) {
        this.#from = this.#to = { time, price };
        this.#isFree = isFree;
        this.#update();
    }

    to(time, price) {
        this.#to = { time, price };
        this.#update();
    }
    clear() {
        this.#from = this.#to = null;
        this.#update();
    }

    /** What is measured, in lines. */
    get lines() {
        const bars = this.#bars,
            [from, to] = [this.#from, this.#to],
            n = Math.round(bars.placeOf(to.time)) - Math.round(bars.placeOf(from.time));
        const time = Math.abs(to.time - from.time) / 1000;
        return [
            `${write.signed(to.price - from.price, write.price)} (${write.signed(to.price / from.price - 1, write.percent)})`,
            `${write.many(Math.abs(n), "bar")}${n < 0 ? " back" : ""}, ${write.duration(time)}`,
        ];
    }

    /** Lets shift and drag measure on an element. */
    listenOn(element) {
        const point = (event) => {
            const box = element.getBoundingClientRect(),
                place = this.#chart.timeScale().coordinateToLogical(event.clientX - box.left);
            return [this.#bars.timeAt(Math.round(place ?? 0)), this.#series.coordinateToPrice(event.clientY - box.top)];
        };
        const move = (event) => this.to(...point(event));
        // Before the library, which would scroll.
        for (const kind of ["pointerdown", "mousedown"])
            element.addEventListener(
                kind,
                (event) => {
                    if (event.button !== 0 || event.target.closest("button, a")) return;
                    if (!event.shiftKey || this.#bars.length === 0) {
                        if (this.isOn) this.clear();
                        return;
                    }
                    event.stopPropagation();
                    if (kind === "mousedown") return;
                    this.begin(...point(event), false);
                    addEventListener("pointermove", move);
                    addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
                },
                { capture: true },
            );
    }

    #draw(target) {
        if (!this.isOn || this.#bars.length === 0) return;
        const scale = this.#chart.timeScale(),
            zero = scale.logicalToCoordinate(0),
            width = scale.logicalToCoordinate(1) - zero;
        const x = (time) => zero + this.#bars.placeOf(time) * width,
            y = (price) => this.#series.priceToCoordinate(price);
        const [x1, x2, y1, y2] = [x(this.#from.time), x(this.#to.time), y(this.#from.price), y(this.#to.price)],
            { lines } = this;
        if (y1 === null || y2 === null) return;
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
            const colour = y2 <= y1 ? colours.up : colours.down;
            context.fillStyle = context.strokeStyle = colour;
            context.globalAlpha = 0.14;
            context.fillRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
            context.globalAlpha = 1;
            context.lineWidth = 1;
            context.strokeRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
            context.font = "12px system-ui, sans-serif";
            const wide = Math.max(...lines.map((line) => context.measureText(line).width)) + 2 * pad,
                high = lines.length * row + pad;
            const left = Math.min(Math.max((x1 + x2 - wide) / 2, 2), mediaSize.width - wide - 2),
                top = Math.min(Math.max(y2 < y1 ? y2 - high - 6 : y2 + 6, 2), mediaSize.height - high - 2);
            context.fillStyle = colours.card;
            context.fillRect(left, top, wide, high);
            context.strokeRect(left, top, wide, high);
            context.fillStyle = colour;
            context.textAlign = "center";
            context.textBaseline = "middle";
            lines.forEach((line, i) => context.fillText(line, left + wide / 2, top + pad / 2 + row * (i + 0.5)));
            context.textAlign = "start";
        });
    }
}
