// What can be drawn: layers of the price pane, panes of their own, and which columns of the run belong together.
const parts = /_(mid|upper|lower|signal|hist)$/;
// Levels that traders look at, by the name an indicator's column begins with.
const levels = [
    [/^rsi/, [30, 70]],
    [/percent_b$/, [0, 1]],
    [/^(macd|trix|roc|zscore)/, [0]],
    [/_direction$/, [0]],
];

export const layers = [
    ["volume", "Volume"],
    ["trades", "Buys and sells"],
    ["lines", "Entry to exit"],
    ["shade", "Time in the market"],
    ["equity", "Equity"],
    ["drawdown", "Drawdown"],
];
/** More panes than these would leave none of them readable. */
export const mostPanes = 4;

/** Columns grouped by indicator: `{ key, pane, columns }`. */
export function groups(columns) {
    const found = new Map();
    for (const { name, pane } of columns) {
        const key = name.replace(parts, "");
        // A column may share its name with an indicator of the other kind of pane: bb_mid on the price, bb_percent_b apart.
        const id = `${pane} ${key}`;
        if (!found.has(id)) found.set(id, { key, pane, columns: [] });
        found.get(id).columns.push(name);
    }
    return [...found.values()];
}

export const levelsOf = (column) => levels.find(([pattern]) => pattern.test(column))?.[1] ?? [];
export const isHistogram = (column) => /_hist$/.test(column);
export const isDots = (column) => /^sar/.test(column);

/** What a run shows at first: the first two indicators on the price, and none apart. */
export const firstColumns = (columns) =>
    groups(columns)
        .filter((group) => group.pane === "price")
        .slice(0, 2)
        .flatMap((group) => group.columns);
