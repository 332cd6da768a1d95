// Numbers and times as people read them. Everything is UTC. Absent is a dash, not 0.
const made = new Map();
const digits = (n) =>
    made.get(n) ??
    made.set(n, new Intl.NumberFormat("en-US", { minimumFractionDigits: n, maximumFractionDigits: n })).get(n);
const minus = (text) => text.replace("-", "−");

export const absent = "–";
// A negative number that rounds to 0 has no sign.
const plain = (value, n) => minus(digits(n).format(value)).replace(/^−(0(\.0+)?)$/, "$1");

export const number = (value, n = 2) => (value == null ? absent : plain(value, n));
export const percent = (value, n = 2) => (value == null ? absent : plain(value * 100, n) + "%");
export const bps = (value, n = 1) => (value == null ? absent : plain(value * 1e4, n));
export const signed = (value, write, ...rest) => {
    const text = write(value, ...rest);
    return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
};
/** The class of a gain or a loss. */
export const side = (value) => (value > 0 ? "up" : value < 0 ? "down" : "");
export const compact = (value) =>
    value == null
        ? absent
        : value >= 1e6
          ? number(value / 1e6, 2) + "M"
          : value >= 1e4
            ? number(value / 1e3, 1) + "K"
            : number(value, 2);

// Prices below 10 need more decimals.
const decimalsOf = (value) => (value === 0 || value >= 10 ? 2 : value >= 0.1 ? 4 : value >= 0.001 ? 6 : 8);
export const price = (value) => number(value, value == null ? 2 : decimalsOf(Math.abs(value)));
/** The smallest difference of prices of this size that is told. */
export const stepOf = (value) => 10 ** -decimalsOf(Math.abs(value ?? 0));
/** Indicators have any size. */
export const figure = (value) =>
    value == null
        ? absent
        : Math.abs(value) >= 100 || value === 0
          ? number(value, 2)
          : Math.abs(value) >= 1
            ? number(value, 3)
            : number(value, Math.abs(value) >= 0.001 ? 4 : 6);

export const time = (ms, withTime = true) => {
    if (ms == null) return absent;
    const text = new Date(ms).toISOString();
    return text.slice(0, 10) + (withTime ? " " + text.slice(11, 16) : "");
};

const units = [
    [604_800_000, "W"],
    [86_400_000, "D"],
    [3_600_000, "h"],
    [60_000, "m"],
    [1_000, "s"],
];
/** A timeframe: 5m, 1h, 1D. */
export const span = (ms) => {
    const found = units.find(([unit]) => ms >= unit && ms % unit === 0);
    return found ? ms / found[0] + found[1] : `${ms}ms`;
};

/** A duration: 3h 20m. */
export const duration = (seconds) => {
    if (seconds == null) return absent;
    const s = Math.round(seconds);
    if (s < 60) return `${s}s`;
    if (s < 3_600) return `${Math.floor(s / 60)}m ${s % 60}s`;
    if (s < 86_400) return `${Math.floor(s / 3_600)}h ${Math.floor((s % 3_600) / 60)}m`;
    return `${Math.floor(s / 86_400)}d ${Math.floor((s % 86_400) / 3_600)}h`;
};
export const candles = (n) => (n === 1 ? "1 candle" : `${number(n, 0)} candles`);
export const many = (n, one, more = one + "s") => `${number(n, 0)} ${n === 1 ? one : more}`;
