// The table of trades: ten thousand rows, of which only those in sight exist. One row at a time takes part in the order of
// the Tab key; arrows move it.
import { $, make, put } from "./dom.js";
import { absent, duration, number, percent, price, side, signed, time } from "./format.js";
import { positionsOf } from "./positions.js";
import { keep, settings } from "./settings.js";

const filters = {
    all: ["All", () => true],
    buy: ["Buys", (t) => t.side === "buy"],
    win: ["Wins", (t) => t.profit > 0],
    loss: ["Losses", (t) => t.profit != null && t.profit <= 0],
};
// Of a trade, and of the position that it closes: key, label, what is sorted, text, and class of the text.
const columns = [
    ["time", "Time (UTC)", (t) => t.step, (t) => time(t.open_time)],
    ["side", "Side", (t) => t.side, (t) => (t.side === "buy" ? "Buy" : "Sell"), (t) => t.side],
    ["price", "Price", (t) => t.price, (t) => price(t.price)],
    ["quantity", "Quantity", (t) => t.quantity, (t) => number(t.quantity, 5)],
    ["fee", "Fee", (t) => t.fee, (t) => number(t.fee)],
    [
        "profit",
        "Profit",
        (t) => t.profit,
        (t) => (t.profit == null ? absent : signed(t.profit, number)),
        (t) => side(t.profit),
    ],
    ["gain", "Profit %", (t, { gain }) => gain, (t, { gain }) => signed(gain, percent), (t, { gain }) => side(gain)],
    [
        "held",
        "Held",
        (t, { held }) => held,
        // Candles last whole minutes: a zero at the end tells nothing.
        (t, { held }) => (held == null ? absent : duration(held / 1_000).replace(/ 0[a-z]$/, "")),
    ],
    ["equity", "Equity", (t) => t.equity, (t) => number(t.equity)],
];
const spare = 6;
const noPosition = { gain: null, held: null };

// The order of two values; what has none comes last, whichever way the others go.
const inOrder = (one, other, sign) => {
    if (one == null || other == null) return (one == null) - (other == null);
    return one < other ? -sign : one > other ? sign : 0;
};

/** How many trades the filter lets through, of those listed, of all that the run has made. */
export function countWords(shown, listed, all) {
    const [few, some, many] = [shown, listed, all].map((value) => number(value, 0));
    if (listed >= all) return shown < listed ? `${few} of ${some}` : some;
    return shown < listed ? `${few} of the newest ${some}, ${many} in all` : `newest ${some}, ${many} in all`;
}

export class TradeTable {
    #trades;
    #jump;
    #rows = [];
    #positions = new Map();
    #pool = [];
    #current = 0;
    #height = 27;
    #above;
    #below;
    #drawn = "";

    constructor(trades, jump) {
        [this.#trades, this.#jump] = [trades, jump];
        const table = $("trades"),
            body = table.tBodies[0];
        this.#above = make("tr", { className: "gap", ariaHidden: "true" }, make("td", { colSpan: columns.length }));
        this.#below = make("tr", { className: "gap", ariaHidden: "true" }, make("td", { colSpan: columns.length }));
        body.append(this.#above, this.#below);
        table.tHead.append(
            make(
                "tr",
                {},
                ...columns.map(([key, label]) =>
                    make(
                        "th",
                        { scope: "col", "data-key": key },
                        make("button", { type: "button", textContent: label, onclick: () => this.#sort(key) }),
                    ),
                ),
            ),
        );
        $("filters").append(
            ...Object.entries(filters).map(([key, [label]]) =>
                make("button", {
                    type: "button",
                    textContent: label,
                    value: key,
                    onclick: () => {
                        keep({ filter: key });
                        this.update(true);
                    },
                }),
            ),
        );
        $("scroll").addEventListener("scroll", () => this.#draw(), { passive: true });
        new ResizeObserver(() => this.#draw()).observe($("scroll"));
        body.addEventListener("click", (event) => this.#go(this.#pool.findIndex((row) => row.contains(event.target))));
        body.addEventListener("keydown", (event) => this.#key(event));
    }

    /** Takes other trades, another filter or order. */
    update(isOther = false) {
        const [key, way] = settings.sort,
            of = (columns.find((column) => column[0] === key) ?? columns[0])[2],
            sign = way === "down" ? -1 : 1;
        const was = this.#rows[this.#current]?.step;
        const { list, count } = this.#trades,
            chosen = list.filter((filters[settings.filter] ?? filters.all)[1]);
        const seen = isOther ? null : this.#seen();
        this.#positions = positionsOf(list, list.length >= count);
        // Trades are in order of time already.
        if (key === "time") this.#rows = way === "down" ? chosen.reverse() : chosen;
        else {
            const value = (trade) => of(trade, this.#positionOf(trade));
            this.#rows = chosen.sort((a, b) => inOrder(value(a), value(b), sign) || b.step - a.step);
        }
        this.#current = isOther
            ? 0
            : Math.max(
                  this.#rows.findIndex((trade) => trade.step === was),
                  0,
              );
        for (const button of $("filters").children) button.ariaPressed = String(button.value === settings.filter);
        for (const head of $("trades").tHead.rows[0].cells)
            head.ariaSort = head.dataset.key === key ? (way === "down" ? "descending" : "ascending") : "none";
        put($("count"), countWords(this.#rows.length, list.length, count));
        $("trades").ariaRowCount = String(this.#rows.length + 1);
        if (isOther) $("scroll").scrollTop = 0;
        else if (seen) this.#keep(seen);
        this.#drawn = "";
        this.#draw();
    }

    // The first trade in sight, and how far down the table it is; null at the top, where the newest is looked at.
    #seen() {
        const { scrollTop } = $("scroll"),
            at = Math.floor(scrollTop / this.#height);
        return scrollTop > 0 && this.#rows[at] ? { step: this.#rows[at].step, at } : null;
    }

    // Whoever reads further down does not see rows move when others come above them.
    #keep({ step, at }) {
        const now = this.#rows.findIndex((trade) => trade.step === step);
        if (now < 0 || now === at) return;
        // The table is as long as its rows before it scrolls.
        const { scrollTop } = $("scroll");
        this.#below.firstChild.style.height = `${this.#rows.length * this.#height}px`;
        $("scroll").scrollTop = scrollTop + (now - at) * this.#height;
    }

    #positionOf(trade) {
        return this.#positions.get(trade.step) ?? noPosition;
    }

    #sort(key) {
        const [was, way] = settings.sort;
        keep({ sort: [key, was === key && way === "down" ? "up" : "down"] });
        this.update(true);
    }

    #draw() {
        const { scrollTop, clientHeight } = $("scroll"),
            n = this.#rows.length;
        if (clientHeight === 0) return;
        const first = Math.max(Math.min(Math.floor(scrollTop / this.#height) - spare, n - 1), 0),
            end = Math.min(first + Math.ceil(clientHeight / this.#height) + 2 * spare, n);
        const drawn = [first, end, this.#current].join();
        if (drawn === this.#drawn) return;
        this.#drawn = drawn;
        while (this.#pool.length < end - first) this.#pool.push(this.#make());
        this.#pool.forEach((row, i) => {
            row.hidden = first + i >= end;
            if (!row.hidden) this.#write(row, first + i);
        });
        this.#refocus();
        this.#above.firstChild.style.height = `${first * this.#height}px`;
        this.#below.firstChild.style.height = `${(n - end) * this.#height}px`;
        put(this.#below.firstChild, n > 0 ? "" : this.#nothing, n > 0 ? "" : "none");
        const real = this.#pool[0]?.offsetHeight;
        if (real && Math.abs(real - this.#height) > 0.5) {
            this.#height = real;
            this.#drawn = "";
            this.#draw();
        }
    }

    // What an empty table says.
    get #nothing() {
        if (this.#trades.list.length > 0) return "No such trades";
        return this.#trades.isOver ? "No trades" : "No trades yet";
    }

    // The focus belongs to a trade, not to the row that happens to show it.
    #refocus() {
        const focused = this.#pool.find((row) => row === document.activeElement);
        if (!focused || (!focused.hidden && Number(focused.dataset.row) === this.#current)) return;
        this.#pool
            .find((row) => !row.hidden && Number(row.dataset.row) === this.#current)
            ?.focus({ preventScroll: true });
    }

    #make() {
        const row = make("tr", {}, ...columns.map(() => make("td")));
        this.#below.before(row);
        return row;
    }

    #write(row, i) {
        const trade = this.#rows[i],
            position = this.#positionOf(trade);
        row.tabIndex = i === this.#current ? 0 : -1;
        row.ariaRowIndex = String(i + 2);
        row.dataset.row = i;
        columns.forEach(([, , , text, className], c) =>
            put(row.cells[c], text(trade, position), className?.(trade, position) ?? ""),
        );
    }

    #go(place) {
        const i = Number(this.#pool[place]?.dataset.row ?? NaN);
        if (Number.isNaN(i) || !this.#rows[i]) return;
        this.#current = i;
        this.#draw();
        this.#jump(this.#rows[i]);
    }

    #key(event) {
        const page = Math.max(Math.floor($("scroll").clientHeight / this.#height) - 2, 1),
            n = this.#rows.length;
        const to = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -n, End: n }[event.key];
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            this.#jump(this.#rows[this.#current]);
            return;
        }
        if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        this.#current = Math.min(Math.max(this.#current + to, 0), n - 1);
        const box = $("scroll"),
            top = this.#current * this.#height,
            head = $("trades").tHead.offsetHeight;
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + this.#height + head > box.scrollTop + box.clientHeight)
            box.scrollTop = top + this.#height + head - box.clientHeight;
        this.#draw();
        this.#pool
            .find((row) => !row.hidden && Number(row.dataset.row) === this.#current)
            ?.focus({ preventScroll: true });
    }
}
