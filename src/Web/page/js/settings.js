// What the user chose, kept in the browser. A browser that forbids it forgets at the end of the visit.
const key = "btcbandit";
const defaults = {
    theme: null,
    columns: null,
    layers: ["volume", "trades", "lines", "shade", "equity", "drawdown"],
    isLog: false,
    span: null,
    range: null,
    filter: "all",
    sort: ["time", "down"],
    singleKeys: true,
};

const read = () => {
    try {
        return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
        return {};
    }
};

export const settings = { ...defaults, ...read() };

/** Keeps changes. */
export function keep(changes) {
    Object.assign(settings, changes);
    try {
        localStorage.setItem(key, JSON.stringify(settings));
    } catch {
        /* private windows may refuse */
    }
}
