// Trades over the candles: triangles for buys and sells, lines from entry to exit with the profit, and a tint where money
// was in the market. Drawn by hand, because the library's own markers cannot be put together where they crowd.
import * as write from "./format.js";
import { colours } from "./palette.js";

const room = 16,
    wideRoom = 34; // pixels that a triangle needs, alone and with a large number
const mostPerBar = 0.25; // trades for each bar above which the tint says nothing
const mostLabels = 40;

export class TradeLayer {
    #bars;
    #chart;
    #series;
    #update = () => {};
    #shown = [];
    #pinned = null;
    #views = [
        {
            zOrder: () => "bottom",
            renderer: () => ({
                draw: (target) => this.#draw(target, [(view) => this.#pin(view), (view) => this.#shade(view)]),
            }),
        },
        {
            zOrder: () => "top",
            renderer: () => ({
                draw: (target) => this.#draw(target, [(view) => this.#lines(view), (view) => this.#triangles(view)]),
            }),
        },
    ];

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

    /** Which of trades, lines and shade are drawn. */
    show(layers) {
        this.#shown = layers;
        this.#update();
    }
    pin(time) {
        this.#pinned = time;
        this.#update();
    }
    changed() {
        this.#update();
    }

    #draw(target, parts) {
        const bars = this.#bars,
            scale = this.#chart.timeScale(),
            range = scale.getVisibleLogicalRange();
        if (!range || bars.length === 0) return;
        const zero = scale.logicalToCoordinate(0),
            next = scale.logicalToCoordinate(1);
        if (zero === null || next === null) return;
        const from = Math.max(Math.floor(range.from), 0),
            to = Math.min(Math.ceil(range.to), bars.length - 1);
        if (to < from) return;
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
            const view = {
                context,
                size: mediaSize,
                from,
                to,
                width: next - zero,
                x: (i) => zero + i * (next - zero),
                y: (price) => this.#series.priceToCoordinate(price),
            };
            for (const part of parts) part(view);
        });
    }

    #pin({ context, size, x, width }) {
        if (this.#pinned === null) return;
        const i = Math.max(this.#bars.indexAt(this.#pinned + 1) - 1, 0),
            w = Math.max(width, 2);
        context.fillStyle = colours.hover;
        context.fillRect(x(i) - w / 2, 0, w, size.height);
    }

    #shade({ context, size, from, to, x, width }) {
        // Where bars hold several trades, what was held at their ends says little.
        if (
            !this.#shown.includes("shade") ||
            this.#visible(from, to).reduce((sum, mark) => sum + mark.count, 0) > mostPerBar * (to - from + 1)
        )
            return;
        const { invested } = this.#bars;
        context.fillStyle = colours.shade;
        for (let i = from; i <= to;) {
            const level = Math.round((invested[i] ?? 0) * 4);
            let end = i + 1;
            while (end <= to && Math.round((invested[end] ?? 0) * 4) === level) end++;
            if (level > 0) {
                context.globalAlpha = Math.min(level / 4, 1);
                context.fillRect(x(i) - width / 2, 0, (end - i) * width, size.height);
            }
            i = end;
        }
        context.globalAlpha = 1;
    }

    // The marks in sight, with one more on either side so that lines reach in.
    #visible(from, to) {
        const bars = this.#bars,
            first = Math.max(bars.markAt(bars.time[from]) - 1, 0),
            end = Math.min(bars.markAt(bars.time[to] + 1) + 1, bars.marks.length);
        return bars.marks.slice(first, end);
    }

    #lines({ context, from, to, x, y }) {
        if (!this.#shown.includes("lines")) return;
        const trips = [];
        let entry = null;
        for (const mark of this.#visible(from, to)) {
            // Bars of several trades have no line of their own.
            if (mark.count > 1) entry = null;
            else if (mark.side === "buy") entry ??= mark;
            else if (entry) {
                trips.push([entry, mark]);
                entry = null;
            }
        }
        context.lineWidth = 1.5;
        context.font = "11px system-ui, sans-serif";
        context.textBaseline = "middle";
        for (const [buy, sell] of trips) {
            const [x1, x2, y1, y2] = [
                x(this.#bars.indexAt(buy.time)),
                x(this.#bars.indexAt(sell.time)),
                y(buy.price),
                y(sell.price),
            ];
            if (y1 === null || y2 === null || x2 - x1 < 2) continue;
            context.strokeStyle = context.fillStyle = sell.profit > 0 ? colours.up : colours.down;
            context.setLineDash([4, 3]);
            context.beginPath();
            context.moveTo(x1, y1);
            context.lineTo(x2, y2);
            context.stroke();
            context.setLineDash([]);
            if (trips.length <= mostLabels && x2 - x1 > 34 && sell.profit != null)
                this.#label(context, write.signed(sell.profit, write.number), x2 + 8, y2);
        }
    }

    #label(context, text, x, y) {
        const width = context.measureText(text).width + 8,
            colour = context.fillStyle;
        context.fillStyle = colours.card;
        context.globalAlpha = 0.85;
        context.fillRect(x, y - 8, width, 16);
        context.globalAlpha = 1;
        context.fillStyle = colour;
        context.fillText(text, x + 4, y + 0.5);
    }

    #triangles({ context, from, to, x, y, width }) {
        if (!this.#shown.includes("trades")) return;
        const bars = this.#bars,
            size = width < 2 ? 4 : Math.min(Math.max(width * 0.6, 4.5), 7);
        context.font = "600 10px system-ui, sans-serif";
        context.textAlign = "center";
        context.textBaseline = "middle";
        for (const side of ["buy", "sell"]) {
            const isBuy = side === "buy";
            context.fillStyle = isBuy ? colours.buy : colours.sell;
            context.strokeStyle = colours.card;
            for (const heap of this.#heaps(side, from, to, x)) {
                const price = isBuy
                    ? Math.min(...heap.bars.map((i) => bars.low[i]))
                    : Math.max(...heap.bars.map((i) => bars.high[i]));
                const top = y(price);
                if (top === null) continue;
                const way = isBuy ? 1 : -1,
                    tip = top + way * 4;
                context.beginPath();
                context.moveTo(heap.x, tip);
                context.lineTo(heap.x - size, tip + way * size * 1.5);
                context.lineTo(heap.x + size, tip + way * size * 1.5);
                context.closePath();
                context.stroke();
                context.fill();
                if (heap.count > 1) context.fillText(write.number(heap.count, 0), heap.x, tip + way * (size * 1.5 + 7));
            }
        }
        context.textAlign = "start";
    }

    // Marks of a side nearer to each other than a triangle needs are one, with their number. Heaps begin at fixed places in
    // time, so that they do not dance while the chart moves.
    #heaps(side, from, to, x) {
        const bars = this.#bars,
            marks = this.#visible(from, to),
            needed = marks.some((mark) => mark.count > 9) ? wideRoom : room;
        const each = Math.max(Math.ceil(needed / Math.max(x(1) - x(0), 1e-6)), 1),
            heaps = new Map();
        const step = each * bars.span;
        for (const mark of marks) {
            if (mark.side !== side) continue;
            const i = bars.indexAt(mark.time);
            if (i >= bars.length) continue;
            const key = each === 1 ? i : Math.floor(mark.time / step),
                heap = heaps.get(key);
            if (heap) {
                heap.count += mark.count;
                heap.bars.push(i);
                heap.x = (x(heap.bars[0]) + x(i)) / 2;
            } else heaps.set(key, { count: mark.count, bars: [i], x: x(i) });
        }
        return heaps.values();
    }
}
