// The newest figures. Elements are made once; after that only their text changes.
import { serverTime } from "./api.js";
import { $, make, put } from "./dom.js";
import { absent, bps, candles, duration, many, number, percent, price, side, signed } from "./format.js";

const against = (s) => (s.buy_and_hold_return == null ? null : (1 + s.total_return) / (1 + s.buy_and_hold_return) - 1);
const invested = (s) => (s.equity > 0 ? (s.position * s.price) / s.equity : 0);
const actionClass = (action) => ({ buy: "buy", sell: "sell" })[action] ?? "";

// A return beside another figure: two decimals, and fewer where there is no room for them.
const brief = (value) => percent(value, [0.1, 1].filter((limit) => Math.abs(value) < limit).length);

// Label, value, note, class of the value, and what the figure means.
const tiles = [
    ["Price", (s) => price(s.price), (s, run) => run.quote, () => "", "Close of the newest candle"],
    [
        "Action",
        (s) => (s.action ?? absent).toUpperCase(),
        (s) => s.reason ?? "reason: next candle",
        (s) => actionClass(s.action),
        "What the agent chose at this close, and why",
    ],
    [
        "Equity",
        (s) => number(s.equity),
        (s) => signed(s.total_return, percent),
        (s) => side(s.total_return),
        "Cash and position at the newest close",
    ],
    [
        "Against hold",
        (s) => signed(against(s), percent),
        (s) => `hold ${signed(s.buy_and_hold_return, brief)}`,
        (s) => side(against(s)),
        "Equity against buying once and holding",
    ],
    [
        "Position",
        (s, run) => `${number(s.position, 5)} ${run.base}`,
        (s) => percent(invested(s), 0),
        () => "",
        "Amount held, and its share of the equity",
    ],
    [
        "Exposure",
        (s) => percent(s.exposure, 1),
        () => "of the time",
        () => "",
        "Share of steps that ended with a position",
    ],
    [
        "Last reward",
        (s) => signed(s.reward, bps),
        () => "bps",
        (s) => side(s.reward),
        "Return of the decision that became known last, after costs",
    ],
    [
        "Sum of rewards",
        (s) => signed(s.cumulative_reward, bps, 0),
        () => "bps",
        (s) => side(s.cumulative_reward),
        "All rewards so far",
    ],
    [
        "Drawdown",
        (s) => percent(-s.drawdown),
        (s) => `max ${brief(-s.max_drawdown)}`,
        (s) => (s.drawdown > 0 ? "down" : ""),
        "Fall of equity from its highest value so far",
    ],
    [
        "Win rate",
        (s) => percent(s.win_rate, 1),
        (s) => `of ${many(s.round_trips, "trip")}`,
        () => "",
        "Round trips with a profit after costs",
    ],
    [
        "Fees",
        (s) => number(s.fees_paid),
        (s) => `slip ${number(s.slippage_paid, s.slippage_paid < 100 ? 2 : 0)}`,
        () => "",
        "Fees and slippage paid so far",
    ],
    [
        "Regret",
        (s) => number(s.regret, 3),
        () => "nats",
        () => "",
        "ln of the equity of the best path in hindsight, over the run's equity",
    ],
    [
        "Speed",
        (s, run) => number(run.speed, run.speed != null && run.speed < 100 ? 1 : 0),
        () => "steps/s",
        () => "",
        "Steps per second",
    ],
    [
        "Step",
        (s) => number(s.step, 0),
        (s) => (s.time_left_seconds == null || s.is_over ? "" : `${duration(s.time_left_seconds)} left`),
        () => "",
        "Number of the newest step",
    ],
];

/** What the feed said about itself so many seconds ago: `{ text, note, className }`. */
export function feedWords(feed, mode, passed = 0) {
    if (!feed) return { text: mode ?? absent, note: "no live feed", className: "" };
    const isGood = /^live$/i.test(feed.phase);
    const parts = [
        feed.latency_ms != null && `${number(feed.latency_ms, 0)} ms`,
        feed.next_close_seconds != null && `next close in ${duration(Math.max(feed.next_close_seconds - passed, 0))}`,
        many(feed.reconnects, "reconnect"),
        feed.gaps > 0 && `${candles(feed.gaps)} missing`,
        feed.weight_used != null && `weight ${number(feed.weight_used, 0)}`,
        !isGood && feed.since != null && `for ${duration(Math.max(serverTime() - feed.since, 0) / 1000)}`,
    ].filter(Boolean);
    return {
        text: feed.phase,
        note: [!isGood && feed.reason, ...parts].filter(Boolean).join(" · "),
        className: isGood ? "up" : "down",
    };
}

export class Tiles {
    #cells;
    #feed;
    #skill;
    #state = null;
    #at = 0;

    constructor(root) {
        const cell = (name, title, className = "") => {
            const [text, small] = [make("span"), make("small")];
            root.append(
                make("div", { title, className }, make("dt", { textContent: name }), make("dd", {}, text, small)),
            );
            return [text, small];
        };
        this.#cells = tiles.map(([name, , , , title]) => cell(name, title));
        this.#skill = cell(
            "Skill",
            "Whether luck explains the returns over flat and over buy-and-hold, after costs",
            "broad",
        );
        this.#feed = cell("Feed", "Where candles come from, and how well they arrive", "broad feed");
        // Events come once a candle, and time passes in between.
        setInterval(() => this.#showFeed(), 1_000);
    }

    show(state, run) {
        tiles.forEach(([, value, note, colour], i) => {
            const [text, small] = this.#cells[i];
            put(text, value(state, run), colour(state));
            put(small, note(state, run));
        });
        put(this.#skill[0], state.skill?.verdict ?? absent, state.skill?.is_evidence ? "up" : "");
        [this.#state, this.#at] = [state, performance.now()];
        this.#showFeed();
    }

    /** There are no figures yet. */
    empty() {
        this.#state = null;
        for (const [text, small] of [...this.#cells, this.#skill, this.#feed]) {
            put(text, "", "");
            put(small, "");
        }
    }

    #showFeed() {
        if (!this.#state) return;
        const { feed, mode } = this.#state,
            { text, note, className } = feedWords(feed, mode, (performance.now() - this.#at) / 1_000);
        put(this.#feed[0], text, className);
        put(this.#feed[1], note);
    }
}

/** The price in the header, and the name of the browser's tab. */
export class Headline {
    #price = null;

    show(state) {
        put($("price"), price(state.price), `price ${side(state.price - (this.#price ?? state.price))}`);
        this.#price = state.price;
        document.title = `${price(state.price)} ${(state.action ?? "").toUpperCase()} · BtcBandit`;
        const isKnown = state.progress != null && !state.is_over;
        $("progress").hidden = !isKnown;
        if (!isKnown) return;
        $("progress").firstElementChild.value = state.progress;
        put($("progress").lastElementChild, percent(state.progress, 0));
    }

    /** There is no price yet. */
    empty() {
        this.#price = null;
        put($("price"), absent, "price");
        document.title = "BtcBandit";
        $("progress").hidden = true;
    }
}
