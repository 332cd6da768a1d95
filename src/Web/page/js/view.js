// Shows a part of the run: loads bars for what is visible, follows the newest candle, and heals holes. What comes while an
// answer is under way waits for it: the answer says up to which step it goes.
import { candles } from "./api.js";
import { pause } from "./dom.js";
import { isDue, limit, mostFor, mostSeen, questionOf, wholeFor } from "./detail.js";

const queued = 1_500; // candles that wait for an answer
const pace = 1_000; // ms between questions after a failure, or after the run has become another one
const thickest = 6; // pixels of a bar whose timeframe was chosen

// The chart takes a new range with its next frame, and says the old one until then.
const settled = () =>
    new Promise((then) => {
        requestAnimationFrame(() => requestAnimationFrame(then));
        setTimeout(then, 250);
    });

export class View {
    #bars;
    #chart;
    #columns;
    #span;
    #stick = null;
    #loads = 0;
    #ticket = 0;
    #isAsked = false;
    #tried = "";
    #queue = [];
    #known = 0;
    #isStale = false;
    #timer = null;
    #askedAt = 0;
    #restarting = null;
    #isAgain = false;
    #restartedAt = -pace;
    #isRefused = false;
    #heard = null;

    /** `columns` says which indicators are shown. */
    constructor(bars, chart, columns, span = null) {
        [this.#bars, this.#chart, this.#columns, this.#span] = [bars, chart, columns, span];
        chart.onMove(() => {
            this.#known = bars.length;
            this.check();
        });
        chart.onHand(() => {
            this.#stick = null;
        });
    }

    /** The timeframe that was chosen; null is automatic. */
    get span() {
        return this.#span;
    }
    /** The range that is kept while the run grows, in ms; null after the user has moved the chart. */
    get stick() {
        return this.#stick;
    }
    /** Whether the newest candle is in sight. The chart says where it was when it last moved: bars may have come since. */
    get isFollowing() {
        return this.#bars.isAtEnd && (this.#chart.range?.to ?? 0) > this.#known - 2;
    }

    /** Shows a first answer; done when it is on screen. Without `ms`, as much as is readable of the timeframe that was chosen. */
    async open(answer, ms) {
        this.#take(answer);
        // A timeframe that was kept goes before a range that has too many bars of it.
        const isTooLong = this.#span !== null && this.#count(ms ?? Infinity) > mostSeen;
        const shown =
            this.#span !== null && (ms === undefined || isTooLong)
                ? (this.#span * this.#chart.width) / thickest
                : (ms ?? Infinity);
        await this.last(shown, shown === Infinity && this.#span === null);
    }

    /** Another timeframe; null picks one by zoom. */
    async choose(span) {
        const [from, to] = this.#times();
        this.#span = span;
        this.#stick = null;
        if (!span) {
            await this.show(from, to);
            return;
        }
        const width = Math.min(Math.max(to - from, 30 * span), (span * this.#chart.width) / thickest);
        // The edge of the chart may be far from any candle: a short range at it would be empty.
        const { first, newest } = this.#bars,
            right = Math.min(Math.max(to, first + width), newest + span);
        await this.show(right - width, right, { room: right < to ? 0.03 : 0 });
    }

    /** Shows a range of time; done when it is on screen, and false if something else was shown before that. */
    show(from, to, { room = 0, stick = null } = {}) {
        this.#stick = stick;
        return this.#load(from - (to - from), to + (to - from), () => () => {
            this.#chart.range = this.#rangeOf(from, to, room);
        });
    }

    /** Shows everything, or the last so many ms. `isLoaded` says that the bars are here already. */
    async last(ms, isLoaded = false) {
        const bars = this.#bars;
        this.#stick = ms;
        if (bars.length === 0) return;
        if (this.#span && this.#count(ms) > mostSeen) this.#span = null;
        // Where the end is, the answer says: the run goes on while it is under way.
        const place = () => {
            const end = bars.newest + (bars.spans[0] ?? bars.span);
            this.#chart.range = this.#rangeOf(Math.max(end - ms, bars.first), end, 0.03);
        };
        if (!isLoaded)
            return this.#load(
                Math.max(bars.newest - 2 * ms, bars.first),
                null,
                () => place,
                ms === Infinity ? wholeFor : mostFor,
            );
        place();
        await settled();
    }

    /** Shows a time in the middle of as many bars as are visible now; false as of `show`. */
    around(time, width = null) {
        const [from, to] = this.#times(),
            half = (width ?? to - from) / 2;
        return this.show(time - half, time + half);
    }

    /** Follows the newest candle with as many bars as now. */
    latest() {
        const range = this.#chart.range;
        return this.last(range ? (range.to - range.from) * this.#bars.span : Infinity);
    }

    /** Asks for the same again: other columns, or after a failure. */
    async reload() {
        if (!this.#chart.range || this.#bars.length === 0 || this.#restarting) return this.restart();
        await this.#around();
    }

    /** Newer candles came, after step `event.since` up to `event.step`. */
    steps(event) {
        const bars = this.#bars;
        this.#hear(event.bars.last);
        if (this.#loads === 0 && !this.#isStale) this.#apply(event);
        else if (
            this.#queue.push(event) &&
            this.#queue.reduce((sum, each) => sum + each.step - each.since, 0) > queued
        ) {
            this.#queue = [];
            this.leap(bars.newest);
        }
    }

    /** More candles came than are sent: asks for the end of the window, at most twice a second. */
    leap(newest) {
        const bars = this.#bars;
        this.#hear(newest);
        if (this.#loads === 0 && !this.#isStale && !bars.isAtEnd) return;
        this.#isStale = true;
        this.#timer ??= setTimeout(() => this.#catchUp(), Math.max(0, this.#askedAt + 500 - performance.now()));
    }

    /** The run is another one, or lost its newest steps: nothing that is loaded holds. Asks at most once a second, and shows
     * every answer: the passes of a fast warm-up are over before one arrives. */
    restart() {
        this.#queue = [];
        this.#heard = null;
        this.#ticket++;
        this.#isAgain = true;
        return (this.#restarting ??= this.#startOver().finally(() => {
            this.#restarting = null;
            this.#done();
        }));
    }

    /** The line is back: what was refused may be allowed now. */
    back() {
        return this.#isRefused ? this.restart() : this.check();
    }

    get isRestarting() {
        return this.#restarting !== null;
    }

    async #startOver() {
        const bars = this.#bars,
            range = this.#chart.range;
        const ms = this.#stick ?? (range && bars.length ? (range.to - range.from) * bars.span : Infinity);
        this.#loads++;
        while (this.#isAgain) {
            await pause(Math.max(this.#restartedAt + pace - performance.now(), 0));
            this.#restartedAt = performance.now();
            this.#isAgain = false;
            const answer = await this.#ask({ max: (ms === Infinity ? wholeFor : mostFor)(this.#chart.width) });
            if (answer === undefined) {
                this.#refuse();
                break;
            }
            if (answer === null) {
                this.#isAgain = true;
                continue;
            }
            bars.newest = this.#heard;
            this.#take(answer);
            await this.last(ms, ms === Infinity && !this.#span);
        }
    }

    // Asking again would not help. Nothing is appended to bars of which it is not known whether they hold.
    #refuse() {
        this.#isRefused = this.#isStale = true;
        this.#isAgain = false;
    }

    #hear(newest) {
        this.#heard = Math.max(this.#heard ?? 0, newest ?? 0);
        this.#bars.newest = Math.max(this.#bars.newest ?? 0, this.#heard);
    }

    // How many bars of the chosen timeframe the last so many ms have.
    #count(ms) {
        const bars = this.#bars;
        return this.#span ? Math.min(ms, bars.newest - bars.first + this.#span) / this.#span : 0;
    }

    // Takes candles that follow on what is loaded; a hole is asked for.
    #apply(event) {
        const bars = this.#bars;
        if (event.step <= bars.steps) return;
        if (!bars.isAtEnd) {
            if (this.#stick !== null && this.#loads === 0) this.last(this.#stick);
            return;
        }
        if (event.since > bars.steps) return this.leap(event.bars.last);
        const isFollowing = this.isFollowing;
        this.#grown(bars.append(event.bars));
        // Enough is loaded: the rest of it is asked for when it comes into sight.
        if (bars.length > limit && !isFollowing) bars.isAtEnd = false;
        else if (bars.length > limit) this.check();
    }

    async #catchUp() {
        const bars = this.#bars,
            since = bars.time.at(-1),
            ticket = this.#ticket;
        this.#askedAt = performance.now();
        // The newest bar that is loaded may have gone on growing, so it is asked for again.
        const answer =
            this.#isStale && since !== undefined ? await this.#ask({ from: since, max: limit, span: bars.span }) : null;
        this.#timer = null;
        if (!this.#isStale) return;
        if (since === undefined && !this.#restarting) return this.restart();
        if (answer === undefined) {
            this.#refuse();
            return;
        }
        // Another window came meanwhile, or the line is down.
        if (!answer || ticket !== this.#ticket || this.#loads > 0 || bars.time.at(-1) !== since)
            return this.leap(bars.newest);
        this.#isStale = false;
        const wasFollowing = this.isFollowing,
            before = bars.length,
            range = this.#chart.range;
        if (answer.more || before + answer.time.length > limit) {
            bars.isAtEnd = false;
            this.#drain();
            if (wasFollowing) await (this.#stick === null ? this.latest() : this.last(this.#stick));
            return;
        }
        this.#grown(bars.extend(answer));
        const more = bars.length - before;
        if (wasFollowing && more > 1 && this.#stick !== Infinity && range)
            this.#chart.range = { from: range.from + more, to: range.to + more };
        this.#drain();
    }

    #grown(from) {
        this.#chart.grow(from);
        if (this.#stick === Infinity)
            this.#chart.range = this.#rangeOf(this.#bars.first, this.#bars.newest + this.#bars.spans[0], 0.03);
    }

    #take(answer) {
        const bars = this.#bars;
        this.#isStale = this.#isRefused = false;
        bars.take(answer);
        // A timeframe that was kept from another run.
        if (this.#span !== null && bars.spans.length > 0 && !bars.spans.includes(this.#span)) this.#span = null;
        this.#chart.draw();
        // More was told of than the answer has.
        if (bars.isAtEnd && bars.newest > (answer.last ?? 0) && this.#queue.length === 0) this.leap(bars.newest);
        this.#drain();
    }

    #drain() {
        if (this.#isAgain) return;
        for (const event of this.#queue.splice(0)) {
            if (this.#isStale) this.#queue.push(event);
            else this.#apply(event);
        }
    }

    #times() {
        const range = this.#chart.range ?? { from: 0, to: this.#bars.length };
        return [this.#bars.timeAt(range.from), this.#bars.timeAt(range.to)];
    }

    #rangeOf(from, to, room) {
        const left = this.#bars.placeOf(from),
            right = this.#bars.placeOf(to);
        const width = Math.max(right - left, 10);
        return { from: right - width, to: right + room * width };
    }

    // What is visible, to be shown again after a change. Asked for just before it: the user may have scrolled meanwhile. Where
    // the newest candle is in sight, it stays there.
    #keep() {
        const [left, right] = this.#times(),
            stick = this.#stick,
            end = this.isFollowing ? this.#bars.time.at(-1) : null;
        return () => {
            const later = end === null ? 0 : Math.max(this.#bars.time.at(-1) - end, 0);
            this.#chart.range = { from: this.#bars.placeOf(left + later), to: this.#bars.placeOf(right + later) };
            this.#stick = stick;
        };
    }

    /** Near an edge, too dense or too sparse: loads around what is visible and keeps it where it is. */
    async check() {
        const bars = this.#bars,
            range = this.#chart.range;
        if (!range || bars.length === 0) return;
        if (this.#loads > 0) {
            this.#isAsked = true;
            return;
        }
        if (!isDue(bars, range, this.#chart.width, this.#span)) return;
        const question = questionOf(bars, range, this.#span);
        if (question === this.#tried && bars.length <= limit) return;
        this.#tried = question;
        await this.#around();
    }

    // Loads what is visible and a screen on both sides; up to the newest candle, if that is in sight.
    #around() {
        const [from, to] = this.#times();
        return this.#load(from - (to - from), this.isFollowing ? null : to + (to - from), () => this.#keep());
    }

    // Loads a window, unless a later question overtakes it: then it is false. `arrange` is called before the change and gives
    // what to do after it.
    async #load(from, to, arrange, most = mostFor) {
        const ticket = ++this.#ticket;
        this.#loads++;
        try {
            const question = () =>
                this.#ask({
                    from,
                    to: to ?? undefined,
                    span: this.#span,
                    max: this.#span ? limit : most(this.#chart.width),
                });
            let answer = await question();
            while (answer === null && ticket === this.#ticket) {
                await pause(pace);
                answer = await question();
            }
            if (!answer || ticket !== this.#ticket || answer.time.length === 0) {
                this.#tried = "";
                return false;
            }
            const after = arrange();
            this.#take(answer);
            after();
            await settled();
            return ticket === this.#ticket;
        } finally {
            this.#done();
        }
    }

    #done() {
        if (--this.#loads > 0) return;
        if (!this.#isStale) this.#drain();
        if (this.#isAsked) {
            this.#isAsked = false;
            this.check();
        }
    }

    #ask(question) {
        return candles({ ...question, columns: this.#columns() });
    }
}
