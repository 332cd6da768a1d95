// The bars that are loaded: a window of the history at one timeframe, never the whole of it.
const columns = [
    "time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "equity",
    "buy_and_hold",
    "drawdown",
    "invested",
    "action",
    "step",
];
const last = ["close", "equity", "buy_and_hold", "action", "step"];
const week = 604_800_000,
    monday = 345_600_000;

/** The open time of the bar that holds a time. Weeks begin on Monday; 1970 began on a Thursday. */
export const floor = (time, span) => time - ((((time - (span % week === 0 ? monday : 0)) % span) + span) % span);

export class Bars {
    span = null;
    spans = [];
    first = null;
    newest = null; // open time of the run's newest candle
    steps = 0; // number of the newest step in here
    isAtEnd = false; // whether newer candles follow on the last bar
    marks = [];
    columns = {};

    constructor() {
        for (const name of columns) this[name] = [];
    }

    get length() {
        return this.time.length;
    }
    get isAtStart() {
        return this.length === 0 || this.time[0] <= this.first;
    }

    /** Takes another window in place of this one. */
    take(answer) {
        for (const name of columns) this[name] = answer[name] ?? [];
        this.columns = answer.columns ?? {};
        this.marks = answer.marks ?? [];
        this.#follow(answer);
        this.first = answer.first;
        if (answer.spans?.length) this.spans = answer.spans;
        this.span = answer.span ?? this.span ?? this.spans[0];
    }

    /** Takes newer bars of the same timeframe; the first is the last one here, grown. Returns the index of the first change. */
    extend(answer) {
        const from = answer.time.length ? this.indexAt(answer.time[0]) : this.length;
        for (const name of columns) this[name].splice(from, Infinity, ...answer[name]);
        for (const name of Object.keys(this.columns))
            this.columns[name].splice(from, Infinity, ...(answer.columns[name] ?? []));
        this.marks = [...this.marks.filter((mark) => mark.time < answer.time[0]), ...answer.marks];
        this.#follow(answer);
        return from;
    }

    /** Takes later candles of the run's own timeframe into bars of this one. Returns the index of the first change. */
    append(finer) {
        const from = Math.max(this.length - 1, 0),
            known = this.steps;
        this.span ??= finer.span;
        if (this.spans.length === 0) this.spans = finer.spans ?? [];
        this.first ??= finer.first;
        for (let i = 0; i < finer.time.length; i++) if (finer.step[i] > known) this.#add(finer, i);
        for (const mark of finer.marks) if (mark.step > known) this.#mark(mark);
        this.steps = Math.max(known, finer.steps);
        this.newest = Math.max(this.newest ?? 0, finer.last);
        return from;
    }

    /** The time at a place between bars; places go on before the first and after the last one. */
    timeAt(place) {
        const n = this.length - 1;
        if (n < 0) return 0;
        if (place <= 0) return this.time[0] + place * this.span;
        if (place >= n) return this.time[n] + (place - n) * this.span;
        const i = Math.floor(place);
        return this.time[i] + (place - i) * (this.time[i + 1] - this.time[i]);
    }

    /** The place of a time: the inverse of timeAt. */
    placeOf(time) {
        const n = this.length - 1;
        if (n < 0) return 0;
        if (time <= this.time[0]) return (time - this.time[0]) / this.span;
        if (time >= this.time[n]) return n + (time - this.time[n]) / this.span;
        const i = this.indexAt(time + 1) - 1;
        return i + (time - this.time[i]) / (this.time[i + 1] - this.time[i]);
    }

    /** Index of the first bar at or after a time. */
    indexAt(time) {
        return search(this.time, time, (x) => x);
    }

    /** Index of the first mark at or after a time. */
    markAt(time) {
        return search(this.marks, time, (mark) => mark.time);
    }

    #follow(answer) {
        this.steps = answer.steps ?? 0;
        this.newest = Math.max(this.newest ?? 0, answer.last ?? 0);
        this.isAtEnd = this.length === 0 || this.time.at(-1) + (answer.span ?? this.span) > (answer.last ?? 0);
    }

    #add(finer, i) {
        const time = floor(finer.time[i], this.span),
            end = this.length - 1;
        if (end < 0 || time > this.time[end]) {
            for (const name of columns) this[name].push(finer[name][i]);
            for (const name of Object.keys(this.columns)) this.columns[name].push(finer.columns[name]?.[i] ?? null);
            this.time[end + 1] = time;
            return;
        }
        this.high[end] = Math.max(this.high[end], finer.high[i]);
        this.low[end] = Math.min(this.low[end], finer.low[i]);
        this.volume[end] += finer.volume[i];
        this.drawdown[end] = Math.max(this.drawdown[end], finer.drawdown[i]);
        const before = this.#stepsOf(end),
            more = finer.step[i] - this.step[end];
        this.invested[end] = (this.invested[end] * before + finer.invested[i] * more) / (before + more);
        for (const name of last) this[name][end] = finer[name][i];
        for (const name of Object.keys(this.columns)) this.columns[name][end] = finer.columns[name]?.[i] ?? null;
    }

    // How many steps a bar has: the run may have begun, or the window may begin, within it.
    #stepsOf(i) {
        const most = this.span / (this.spans[0] ?? this.span);
        return Math.max(Math.min(this.step[i] - (this.step[i - 1] ?? 0), most), 1);
    }

    #mark(mark) {
        const time = floor(mark.time, this.span);
        let same = null;
        for (let i = this.marks.length - 1; i >= 0 && this.marks[i].time >= time; i--)
            if (this.marks[i].side === mark.side) same = this.marks[i];
        if (!same) {
            this.marks.push({ ...mark, time });
            return;
        }
        const quantity = same.quantity + mark.quantity;
        same.price = (same.price * same.quantity + mark.price * mark.quantity) / quantity;
        same.quantity = quantity;
        same.count += mark.count;
        if (mark.profit != null) same.profit = (same.profit ?? 0) + mark.profit;
        same.step = mark.step;
    }
}

function search(list, time, of) {
    let [low, high] = [0, list.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (of(list[middle]) < time) low = middle + 1;
        else high = middle;
    }
    return low;
}
