// The executions of the run, in order of their steps, without holes: those of the stream follow on those asked for.
import * as api from "./api.js";

const kept = 10_000;
/** The stream sends at most so many; more may have happened. */
const sent = 200;

export class Trades {
  list = [];
  count = 0;
  #changed; #loading = null; #waiting = [];

  constructor(changed) { this.#changed = changed; }

  /** Asks for the newest trades. */
  async load() {
    const mine = this.#loading = {};
    const answer = await api.trades(0, kept);
    if (mine !== this.#loading) return;
    this.#loading = null;
    if (answer) [this.list, this.count] = [answer.trades, answer.count];
    const waiting = this.#waiting.splice(0);
    this.#changed();
    for (const [more, latest] of waiting) this.add(more, latest);
  }

  /** Takes the trades of an event; `count` is how many the run has. */
  add(more, count) {
    if (this.#loading) { this.#waiting.push([more, count]); return; }
    const last = this.list.at(-1)?.step ?? 0, fresh = more.filter(trade => trade.step > last);
    if (fresh.length === 0) { this.count = count ?? this.count; return; }
    // All that were sent are new: there may have been others before them.
    if (more.length >= sent && fresh.length === more.length) { this.load(); return; }
    this.list = [...this.list, ...fresh].slice(-kept);
    this.count = count ?? this.count + fresh.length;
    this.#changed();
  }
}
