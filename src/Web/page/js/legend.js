// The values of the bar under the crosshair, or of the newest one, in the corner of each pane. Elements are made once for
// an arrangement of panes; after that only their text changes.
import { make, put } from "./dom.js";
import * as write from "./format.js";
import { colours } from "./palette.js";

export class Legends {
    #root;
    #bars;
    #name;
    #panes = [];

    constructor(root, bars, name) {
        [this.#root, this.#bars, this.#name] = [root, bars, name];
    }

    /** Makes the legends of these panes. */
    arrange(panes) {
        this.#panes = panes.map((pane) => {
            const items = itemsOf(pane, this.#name).map((item) => {
                const value = make("b"),
                    element = make("span", { className: `${item.className ?? ""}${item.label ? " named" : ""}` });
                if (item.label) element.append(item.label);
                element.append(value);
                // Set through the object model: the policy forbids styles in markup, not this.
                if (item.colour) value.style.color = item.colour;
                return { ...item, element, value };
            });
            return { items, element: make("p", {}, ...items.map((item) => item.element)) };
        });
        this.#root.replaceChildren(...this.#panes.map((pane) => pane.element));
    }

    /** Writes the values of the bar under the crosshair, or without one of the newest bar in sight. */
    write(at, inSight) {
        const n = this.#bars.length;
        this.#root.hidden = n === 0;
        if (n === 0) return;
        const i = Math.min(at ?? inSight, n - 1),
            isNewest = this.#bars.time[i] + this.#bars.span > this.#bars.newest;
        for (const { items } of this.#panes)
            for (const { text, side, value, element, isCross } of items) {
                const words = isCross && at === null && isNewest ? "" : text(this.#bars, i);
                put(value, words, side ? side(this.#bars, i) : "");
                element.hidden = words === "";
            }
    }

    /** A bar in words. */
    words(at) {
        const bars = this.#bars,
            i = at ?? bars.length - 1;
        if (i < 0) return "";
        const prices = ["open", "high", "low", "close"].map((name) => `${name} ${write.price(bars[name][i])}`);
        const indicators = Object.entries(bars.columns).map(([name, values]) => `${name} ${write.figure(values[i])}`);
        const money = [`equity ${write.number(bars.equity[i])}`, `drawdown ${write.percent(bars.drawdown[i])}`];
        const marks = marksAt(bars, i);
        return `${write.time(bars.time[i])}: ${[...prices, ...indicators, ...money, ...(marks ? [marks] : [])].join(", ")}`;
    }

    /** Puts each legend at the top of its pane. */
    place(heights, width) {
        let top = 5;
        this.#panes.forEach(({ element }, i) => {
            element.style.top = `${top}px`;
            element.style.maxWidth = `${Math.max(width - 90, 100)}px`;
            element.hidden = (heights[i] ?? 0) < 24;
            top += (heights[i] ?? 0) + 1;
        });
    }
}

function itemsOf(pane, name) {
    if (pane.key === "price") return priceItems(pane, name);
    const title = { className: "title", text: () => pane.title };
    if (pane.key === "equity")
        return [
            title,
            { label: "Run", text: (b, i) => write.number(b.equity[i]), colour: colours.accent },
            { label: "Buy and hold", text: (b, i) => write.number(b.buy_and_hold[i]) },
            {
                label: "Difference",
                className: "extra",
                text: (b, i) =>
                    b.buy_and_hold[i] ? write.signed(b.equity[i] / b.buy_and_hold[i] - 1, write.percent) : "",
                side: (b, i) => write.side(b.equity[i] - b.buy_and_hold[i]),
            },
        ];
    if (pane.key === "drawdown")
        return [
            title,
            { text: (b, i) => write.percent(-b.drawdown[i]), side: (b, i) => (b.drawdown[i] > 0 ? "down" : "") },
        ];
    return [title, ...columnItems(pane, pane.title)];
}

function priceItems(pane, name) {
    const turn = (b, i) => write.side(b.close[i] - b.open[i]);
    return [
        { className: "title", text: (b) => `${name()} · ${b.span ? write.span(b.span) : ""}` },
        { className: "extra", isCross: true, text: (b, i) => write.time(b.time[i], b.span < 86_400_000) },
        ...["open", "high", "low", "close"].map((key) => ({
            label: key[0].toUpperCase(),
            className: key === "close" ? "" : "extra",
            text: (b, i) => write.price(b[key][i]),
            side: turn,
        })),
        { text: (b, i) => write.signed(b.close[i] / b.open[i] - 1, write.percent), side: turn },
        ...(pane.series.some((series) => series.name === "volume")
            ? [{ label: "Vol", className: "extra", text: (b, i) => write.compact(b.volume[i]) }]
            : []),
        ...columnItems(pane, "").map((item) => ({ ...item, className: "extra" })),
        {
            isCross: true,
            className: "extra",
            text: (b, i) => (b.invested[i] > 0.005 ? `${write.percent(b.invested[i], 0)} invested` : ""),
        },
        { isCross: true, text: marksAt },
    ];
}

const columnItems = (pane, title) =>
    pane.series
        .filter((series) => series.name !== "volume")
        .map((series) => ({
            label:
                series.name === title
                    ? ""
                    : series.name.startsWith(title + "_")
                      ? series.name.slice(title.length + 1)
                      : series.name,
            colour: series.colour().color,
            text: (b, i) => write.figure(b.columns[series.name]?.[i]),
        }));

/** The trades of a bar, in words. */
export function marksAt(bars, i) {
    const words = [];
    for (let m = bars.markAt(bars.time[i]); m < bars.marks.length && bars.marks[m].time === bars.time[i]; m++) {
        const { side, count, price, profit } = bars.marks[m];
        const times = count > 1 ? ` ${count}×` : "",
            gain = profit == null ? "" : ` (${write.signed(profit, write.number)})`;
        words.push(`${side === "buy" ? "bought" : "sold"}${times} at ${write.price(price)}${gain}`);
    }
    return words.join(", ");
}
