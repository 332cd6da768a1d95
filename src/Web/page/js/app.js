// Puts the page together: asks for the run, shows its history, then follows it.
import * as api from "./api.js";
import { Bars } from "./bars.js";
import { ActionTable } from "./decision.js";
import { describe, setUp, setUpGo } from "./dialogs.js";
import { $, atMost, perFrame, put } from "./dom.js";
import * as early from "./early.js";
import { Experts, isResumed } from "./experts.js";
import { follow } from "./feed.js";
import { candles } from "./format.js";
import { listen } from "./keys.js";
import { Link } from "./link.js";
import { clear, notify } from "./notice.js";
import { isNarrow, setUpPhone, showSheet, showView } from "./phone.js";
import { isAlike } from "./runs.js";
import { TradeTable } from "./table.js";
import { listenToTheme } from "./theme.js";
import { Headline, Tiles } from "./tiles.js";
import { orderedAt, Trades } from "./trades.js";
import { Why } from "./why.js";

const noChart =
    "The chart is missing: the build could not get lightweight-charts from npm. Install Node.js with npm, build again " +
    "and reload this page. Figures, reasons and trades work without it.";
const noToken = "The server asks for a token: open the address with ?token=… that the program printed when it started.";

let market = null;
const link = new Link(),
    bars = new Bars(),
    pace = { step: 0, clock: 0, speed: null };

api.onDenied(() => {
    notify("token", noToken);
    link.line("lost");
});
setUp();
setUpPhone();
start();

async function start() {
    const module = import("./market.js").catch(() => null),
        run = await early.run;
    clear("token");
    introduce(run);

    const why = new Why(run, (time) => {
            market?.chart.pin(time);
            if (time === null) market?.chart.uncross();
        }),
        pin = why.pin.bind(why);
    why.pin = (step) => {
        pin(step);
        if (step !== null && isNarrow()) showSheet(true);
    };
    const trades = new Trades(() => table.update()),
        table = new TradeTable(trades, (trade) => jump(trade, why, run));
    const show = showing(run, why);
    listen(() => market, why);
    listenToTheme(() => market?.chart.paint());

    const [loaded, first] = [await module, await early.history];
    if (loaded) {
        market = new loaded.Market(run, bars, why);
        await market.open(first);
        setUpGo(market);
    } else {
        document.body.classList.add("chartless");
        showView("run");
        notify("chart", noChart);
    }
    globalThis.btcbandit = { bars, market, trades };
    trades.load();
    follow(handlers(run, { trades, why, show }));
}

function introduce(run) {
    put($("pair"), run.pair);
    put($("mode"), run.mode);
    describe(run);
}

function jump(trade, why, run) {
    if (!market) {
        why.pin(orderedAt(trade, run));
        return;
    }
    if (isNarrow()) showView("chart");
    market.jump(trade);
    if (isNarrow()) showSheet(false);
}

// The page changes at most once a frame, however fast events come.
function showing(run, why) {
    const tiles = new Tiles($("tiles")),
        headline = new Headline(),
        actions = new ActionTable($("actions")),
        experts = new Experts($("experts"), $("gate"), $("gate-why"));
    return perFrame((latest) => {
        // A run that waits for its first candle has no figures yet.
        if (!latest) {
            for (const part of [headline, tiles, actions, experts, why]) part.empty();
            put($("decision"), "");
            return;
        }
        headline.show(latest);
        tiles.show(latest, { ...run, speed: latest.steps_per_second ?? pace.speed });
        put(
            $("decision"),
            `${latest.action ?? ""}${latest.horizon == null ? "" : ` · ${candles(latest.horizon)} ahead`}`,
        );
        if (latest.values) actions.show(latest.values, latest.action, latest.gate, isResumed(latest));
        experts.show(latest);
        why.newest(latest.step);
        market?.showChange();
        performance.mark("step-shown", { detail: latest.step });
    });
}

function handlers(run, { trades, why, show }) {
    const introduceSoon = atMost(1_000, () => introduce(run));
    // Another run, such as the next pass of a warm-up, one on other candles, or one that has lost its newest steps: what is known
    // no longer holds.
    const startOver = () => {
        trades.restart();
        why.forget();
        market?.restart();
    };
    let isFirst = true;
    const take = (event) => {
        if (event.trades) trades.add(event.trades, event.latest?.trades);
        trades.end(event.latest?.is_over ?? false);
        if (!event.latest) {
            link.run({});
            show(null);
            return;
        }
        const now = performance.now();
        if (now - pace.clock > 1_000) {
            pace.speed = pace.clock ? ((event.step - pace.step) / (now - pace.clock)) * 1_000 : null;
            [pace.clock, pace.step] = [now, event.step];
        }
        link.run(event.latest);
        show(event.latest);
    };
    return {
        link: (state) => {
            link.line(state);
            if (state === "live") {
                clear("token");
                market?.view.back();
            }
        },
        snapshot: (event) => {
            const isOther = event.run.id !== run.id;
            if (isOther && !isAlike(event.run, run)) {
                location.reload();
                return;
            }
            // The page goes on from its first snapshot if its bars are of the same run. A later one says that they no longer hold.
            const isAnew = !isFirst || isOther || event.step < bars.steps;
            isFirst = false;
            if (isAnew) {
                Object.assign(run, event.run);
                pace.clock = 0;
                introduceSoon();
                startOver();
            }
            take(event);
            if (!isAnew && event.step > bars.steps) market?.leap(event);
        },
        steps: (event) => {
            take(event);
            market?.steps(event);
        },
        leap: (event) => {
            take(event);
            market?.leap(event);
        },
    };
}
