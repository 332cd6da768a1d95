// Which bars are loaded for what is visible: three screens of them, at the finest timeframe that keeps them readable.
// What comes while an answer is under way waits for it: the answer says up to which step it goes.
import { candles } from "./api.js";

const thinnest = 3.2; // pixels that a bar needs
const mostBars = 4_500, limit = 5_000, queued = 200;

// The chart takes a new range with its next frame, and says the old one until then.
const settled = () => new Promise(then => { requestAnimationFrame(() => requestAnimationFrame(then)); setTimeout(then, 250); });

/** How many bars are loaded for a chart of so many pixels. */
export const mostFor = width => Math.min(Math.round(Math.max(width, 300) / thinnest) * 3, mostBars);

export class View {
  #bars; #chart; #columns; #span; #stick = null;
  #loads = 0; #ticket = 0; #isAsked = false; #tried = "";
  #queue = []; #isStale = false; #timer = null; #askedAt = 0;

  /** `columns` says which indicators are shown. */
  constructor(bars, chart, columns, span = null) {
    [this.#bars, this.#chart, this.#columns, this.#span] = [bars, chart, columns, span];
    chart.onMove(() => this.check());
    chart.onHand(() => { this.#stick = null; });
  }

  /** The timeframe that was chosen; null is automatic. */
  get span() { return this.#span; }
  /** The range that is kept while the run grows, in ms; null after the hand has moved the chart. */
  get stick() { return this.#stick; }
  get isFollowing() { return this.#bars.isAtEnd && (this.#chart.range?.to ?? 0) > this.#bars.length - 2; }

  /** Shows a first answer. */
  async open(answer, ms) {
    this.#take(answer);
    await this.last(ms, ms === Infinity && !this.#span);
  }

  /** Another timeframe; null picks one by zoom. */
  async choose(span) {
    const [from, to] = this.#times();
    this.#span = span;
    this.#stick = null;
    await this.show(span ? to - Math.min(Math.max(to - from, 30 * span), span * this.#chart.width / 6) : from, to);
  }

  /** Shows a range of time. */
  async show(from, to, { room = 0, stick = null } = {}) {
    this.#stick = stick;
    await this.#load(from - (to - from), to + (to - from), () => () => { this.#chart.range = this.#rangeOf(from, to, room); });
  }

  /** Shows everything, or the last so many ms. `isLoaded` says that the bars are here already. */
  async last(ms, isLoaded = false) {
    const bars = this.#bars;
    if (bars.newest === null) return;
    if (ms === Infinity && !isLoaded) this.#span = null;
    const end = bars.newest + (bars.spans[0] ?? bars.span), from = Math.max(end - ms, bars.first);
    if (!isLoaded) return this.show(from, end, { room: 0.03, stick: ms });
    this.#stick = ms;
    this.#chart.range = this.#rangeOf(from, end, 0.03);
    await settled();
  }

  /** Shows a time in the middle of as many bars as are visible now. */
  around(time, width = null) {
    const [from, to] = this.#times(), half = (width ?? to - from) / 2;
    return this.show(time - half, time + half);
  }

  /** Follows the newest candle with as many bars as now. */
  latest() {
    const range = this.#chart.range;
    return this.last(range ? (range.to - range.from) * this.#bars.span : Infinity);
  }

  /** Asks for the same again: other columns, or after a failure. */
  async reload() {
    if (!this.#chart.range || this.#bars.length === 0) return this.restart();
    const [from, to] = this.#times();
    await this.#load(from - (to - from), to + (to - from), () => this.#keep());
  }

  /** Newer candles came, after step `event.since` up to `event.step`. */
  steps(event) {
    const bars = this.#bars;
    bars.newest = Math.max(bars.newest ?? 0, event.bars.last ?? 0);
    if (this.#loads === 0 && !this.#isStale) this.#apply(event);
    else if (this.#queue.push(event) > queued) { this.#queue = []; this.leap(bars.newest); }
  }

  /** More candles came than are sent: asks for the end of the window, at most twice a second. */
  leap(newest) {
    const bars = this.#bars;
    bars.newest = Math.max(bars.newest ?? 0, newest ?? 0);
    if (this.#loads === 0 && !this.#isStale && !bars.isAtEnd) return;
    this.#isStale = true;
    this.#timer ??= setTimeout(() => this.#catchUp(), Math.max(0, this.#askedAt + 500 - performance.now()));
  }

  /** The run is another one, or lost its newest steps: nothing that is loaded holds. */
  async restart() {
    const bars = this.#bars, range = this.#chart.range, ticket = ++this.#ticket;
    const ms = this.#stick ?? (range && bars.length ? (range.to - range.from) * bars.span : Infinity);
    this.#queue = [];
    this.#loads++;
    try {
      let answer;
      while (!(answer = await this.#ask({ max: mostFor(this.#chart.width) }))) await new Promise(then => setTimeout(then, 1_000));
      if (ticket !== this.#ticket) return;
      bars.newest = null;
      this.#take(answer);
      await this.last(ms, ms === Infinity && !this.#span);
    } finally { this.#done(); }
  }

  // Takes candles that follow on what is loaded; a hole is asked for.
  #apply(event) {
    const bars = this.#bars;
    if (!bars.isAtEnd || event.step <= bars.steps) return;
    if (event.since > bars.steps) return this.leap(event.bars.last);
    this.#grown(bars.append(event.bars));
    if (bars.length > limit) this.check();
  }

  async #catchUp() {
    const bars = this.#bars, since = bars.time.at(-1), ticket = this.#ticket;
    this.#askedAt = performance.now();
    // The newest bar that is loaded may have gone on growing, so it is asked for again.
    const answer = this.#isStale && since !== undefined ? await this.#ask({ from: since, max: limit, span: bars.span }) : null;
    this.#timer = null;
    if (!this.#isStale) return;
    if (since === undefined) return this.restart();
    // Another window came meanwhile, or the line is down.
    if (!answer || ticket !== this.#ticket || this.#loads > 0 || bars.time.at(-1) !== since) return this.leap(bars.newest);
    this.#isStale = false;
    const wasFollowing = this.isFollowing, before = bars.length, range = this.#chart.range;
    if (answer.more || before + answer.time.length > limit) {
      bars.isAtEnd = false;
      this.#drain();
      if (wasFollowing) await (this.#stick === null ? this.latest() : this.last(this.#stick));
      return;
    }
    this.#grown(bars.extend(answer));
    const more = bars.length - before;
    if (wasFollowing && more > 1 && this.#stick !== Infinity && range) this.#chart.range = { from: range.from + more, to: range.to + more };
    this.#drain();
  }

  #grown(from) {
    this.#chart.grow(from);
    if (this.#stick === Infinity) this.#chart.range = this.#rangeOf(this.#bars.first, this.#bars.newest + this.#bars.spans[0], 0.03);
  }

  #take(answer) {
    this.#isStale = false;
    this.#bars.take(answer);
    this.#chart.draw();
    this.#drain();
  }

  #drain() {
    for (const event of this.#queue.splice(0)) {
      if (this.#isStale) this.#queue.push(event); else this.#apply(event);
    }
  }

  #times() {
    const range = this.#chart.range ?? { from: 0, to: this.#bars.length };
    return [this.#bars.timeAt(range.from), this.#bars.timeAt(range.to)];
  }

  #rangeOf(from, to, room) {
    const left = this.#bars.placeOf(from), right = this.#bars.placeOf(to);
    const width = Math.max(right - left, 10);
    return { from: right - width, to: right + room * width };
  }

  // What is visible, to be shown again after a change. Asked for just before it: the hand may have moved on meanwhile.
  #keep() {
    const [left, right] = this.#times(), stick = this.#stick;
    return () => {
      this.#chart.range = { from: this.#bars.placeOf(left), to: this.#bars.placeOf(right) };
      this.#stick = stick;
    };
  }

  /** Near an edge, too dense or too sparse: loads around what is visible and keeps it where it is. */
  async check() {
    const bars = this.#bars, range = this.#chart.range;
    if (!range || bars.length === 0) return;
    if (this.#loads > 0) { this.#isAsked = true; return; }
    const most = mostFor(this.#chart.width), seen = range.to - range.from, i = bars.spans.indexOf(bars.span);
    const isNearEdge = (range.from < seen * 0.4 && !bars.isAtStart) || (range.to > bars.length - seen * 0.4 && !bars.isAtEnd);
    const isDense = !this.#span && seen > most * 0.55 && i < bars.spans.length - 1;
    const isSparse = !this.#span && i > 0 && seen * (bars.span / bars.spans[i - 1]) * 3 < most * 0.9;
    if (!isNearEdge && !isDense && !isSparse && bars.length <= limit) return;
    const [from, to] = this.#times();
    // The same question has the same answer: a limit of the server's must not become a loop.
    const question = [Math.round((from + to) / 2 / bars.span / Math.max(seen * 0.05, 1)), Math.round(Math.log(seen) * 20), bars.span, this.#span].join();
    if (question === this.#tried && bars.length <= limit) return;
    this.#tried = question;
    await this.#load(from - (to - from), to + (to - from), () => this.#keep());
  }

  // Loads a window, unless a later question overtakes it. `arrange` is called before the change and gives what to do after it.
  async #load(from, to, arrange) {
    const ticket = ++this.#ticket;
    this.#loads++;
    try {
      const answer = await this.#ask({ from, to, span: this.#span, max: this.#span ? limit : mostFor(this.#chart.width) });
      if (!answer || ticket !== this.#ticket || answer.time.length === 0) { this.#tried = ""; return; }
      const after = arrange();
      this.#take(answer);
      after();
      await settled();
    } finally { this.#done(); }
  }

  #done() {
    if (--this.#loads > 0) return;
    if (!this.#isStale) this.#drain();
    if (this.#isAsked) { this.#isAsked = false; this.check(); }
  }

  #ask(question) { return candles({ ...question, columns: this.#columns() }); }
}
