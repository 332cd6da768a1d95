// The executions of the run, in order of their steps, without holes: those of the stream follow on those asked for.
import * as api from "./api.js";

const kept = 10_000;
/** The stream sends at most so many; more may have happened. */
const sent = 50;
const pace = 1_000; // ms between questions
const patience = 50; // events that wait for an answer

/** The step whose decision a trade carried out: the one before, unless orders are filled at the close that they follow. */
export const orderedAt = (trade, run) =>
    run.header?.parameters?.fill === "close" ? trade.step : Math.max(trade.step - 1, 1);

export class Trades {
    list = [];
    count = 0;
    isOver = false;
    #changed;
    #question = null;
    #timer = null;
    #askedAt = -pace;
    #isDue = false;
    #isFull = true;
    #waiting = [];
    #isMissed = false;

    constructor(changed) {
        this.#changed = changed;
    }

    /** Asks for the trades that are not known, at most once a second and until there is an answer. */
    load() {
        this.#isDue = true;
        if (this.#question === null)
            this.#timer ??= setTimeout(() => this.#ask(), Math.max(this.#askedAt + pace - performance.now(), 0));
    }

    /** The run is another one: forgets all trades and asks for its own. */
    restart() {
        [this.list, this.count, this.#waiting, this.#isMissed, this.#question, this.#isFull] = [
            [],
            0,
            [],
            false,
            null,
            true,
        ];
        this.#changed();
        this.load();
    }

    /** Takes the trades of an event; `count` is how many the run has. */
    add(more, count) {
        if (this.#isDue) {
            if (this.#waiting.length < patience) this.#waiting.push([more, count]);
            else this.#isMissed = true;
            this.#tell(count);
            return;
        }
        const last = this.list.at(-1)?.step ?? 0,
            fresh = more.filter((trade) => trade.step > last);
        // All that were sent are new: there may have been others before them.
        if (more.length >= sent && fresh.length === more.length) {
            this.load();
            this.#tell(count);
            return;
        }
        if (fresh.length > 0) this.list = [...this.list, ...fresh].slice(-kept);
        if (fresh.length > 0 || (count ?? this.count) !== this.count) {
            this.count = count ?? this.count;
            this.#changed();
        }
    }

    /** Says whether the run has ended: no other trades come. */
    end(isOver) {
        if (isOver === this.isOver) return;
        this.isOver = isOver;
        this.#changed();
    }

    // The number of trades is known before the trades are.
    #tell(count) {
        if (count === undefined || count === this.count) return;
        this.count = count;
        this.#changed();
    }

    async #ask() {
        [this.#timer, this.#askedAt] = [null, performance.now()];
        const mine = (this.#question = {}),
            since = this.#isFull ? undefined : this.list.at(-1)?.step;
        const answer = await api.trades(kept, since);
        if (mine !== this.#question) return;
        this.#question = null;
        if (!answer) {
            this.load();
            return;
        }
        // More are missing than are kept: the newest ones take their place.
        this.#isFull = since !== undefined && answer.more;
        if (this.#isFull) {
            this.load();
            return;
        }
        this.list = since === undefined ? answer.trades : [...this.list, ...answer.trades].slice(-kept);
        this.count = answer.count;
        this.#isDue = false;
        const waiting = this.#waiting.splice(0),
            isMissed = this.#isMissed;
        this.#isMissed = false;
        this.#changed();
        for (const [more, count] of waiting) this.add(more, count);
        if (isMissed) this.load();
    }
}
