// The chart with its bar of tools. This module needs the chart library: the page imports it on its own and goes on without.
import { $, make, put } from "./dom.js";
import { Chart } from "./chart.js";
import { listenTo } from "./chartkeys.js";
import * as write from "./format.js";
import { Menu } from "./menu.js";
import { captioned, captionOf, nameOf, savePicture } from "./picture.js";
import { orderedAt } from "./trades.js";
import { keep, settings } from "./settings.js";
import { View } from "./view.js";

const day = 86_400_000;
const ranges = [
    ["1D", day],
    ["1W", 7 * day],
    ["1M", 30 * day],
    ["3M", 91 * day],
    ["1Y", 365 * day],
    ["All", Infinity],
];
const aroundTrade = 160;

export class Market {
    #run;
    #why;

    constructor(run, bars, why) {
        [this.#run, this.#why, this.bars] = [run, why, bars];
        this.chart = new Chart($("chart"), $("legends"), bars, () => run.pair);
        this.view = new View(bars, this.chart, () => settings.columns ?? [], settings.span);
        this.#buttons();
        new Menu(run, (isOther) => this.#arrange(isOther));
        this.chart.onMove(() => this.#show());
        this.chart.onCross((at, isHeld) => why.over(at === null ? null : (bars.step[at] ?? null), isHeld));
        this.chart.onClick((at) => this.pin(at));
        listenTo(this);
        this.#arrange(false);
        this.chart.isLog = settings.isLog;
    }

    /** Shows the first bars. */
    async open(answer) {
        $("empty").hidden = answer.time.length > 0;
        put($("empty"), "Waiting for the first candle…");
        const range = ranges.find(([name]) => name === settings.range);
        await this.view.open(answer, range?.[1]);
        performance.mark("chart-painted");
        this.#spans();
        this.#show();
    }

    steps(event) {
        // The first candles say which timeframes there are. What comes meanwhile waits for them.
        if (this.bars.length === 0 && !this.view.isRestarting) {
            if (event.bars.time.length > 0) this.restart();
            return;
        }
        this.view.steps(event);
    }

    /** More candles came than are sent. */
    leap(event) {
        if (this.bars.length === 0 && !this.view.isRestarting) {
            this.restart();
            return;
        }
        this.view.leap(event.latest?.time);
    }

    /** Loads everything anew, as it is shown now. */
    async restart() {
        await this.view.restart();
        $("empty").hidden = this.bars.length > 0;
        this.#spans();
        this.#show();
    }

    /** Keeps the reasons of a bar in sight. */
    pin(at) {
        const step = this.bars.step[at];
        if (step != null) this.#why.pin(step);
    }

    /** Shows the candle of a trade. */
    async jump(trade) {
        const width = aroundTrade * (this.view.span ?? this.#run.span);
        this.#why.pin(orderedAt(trade, this.#run));
        if (await this.view.around(trade.open_time, width))
            this.chart.cross(Math.max(this.bars.indexAt(trade.open_time + 1) - 1, 0));
    }

    /** Shows a date. */
    async go(time) {
        const { bars } = this;
        if (await this.view.around(Math.min(Math.max(time, bars.first), bars.newest)))
            this.chart.cross(Math.max(Math.min(bars.indexAt(time + 1) - 1, bars.length - 1), 0));
    }

    range(ms) {
        const done = this.view.last(ms).then(() => this.#show());
        keep({ range: ranges.find((range) => range[1] === ms)?.[0] ?? null, span: this.view.span });
        return done;
    }

    choose(span) {
        keep({ span, range: null });
        return this.view.choose(span).then(() => this.#show());
    }

    toggleLog() {
        keep({ isLog: !settings.isLog });
        this.chart.isLog = settings.isLog;
        $("b-log").ariaPressed = String(settings.isLog);
    }

    /** Saves the chart as a picture. */
    save() {
        const { bars, chart } = this;
        const { pair } = this.#run;
        if (bars.length > 0)
            savePicture(
                captioned(chart.picture(), captionOf(pair, bars.span, chart.first, chart.last)),
                nameOf(pair, bars.span, chart.last),
            );
    }

    #arrange(isOther) {
        this.chart.arrange(this.#run.columns, settings.columns ?? [], settings.layers);
        if (isOther) this.view.reload();
    }

    #buttons() {
        for (const [name, ms] of ranges)
            $("ranges").append(
                make("button", {
                    type: "button",
                    textContent: name,
                    ariaPressed: "false",
                    onclick: () => this.range(ms),
                }),
            );
        $("b-latest").onclick = () => this.view.latest();
        $("b-log").ariaPressed = String(settings.isLog);
        $("b-log").onclick = () => this.toggleLog();
        $("b-picture").onclick = () => this.save();
    }

    #spans() {
        // The buttons stay while they are the same: one of them may have the focus.
        if ([...$("spans").children].map((button) => button.value).join() === ["", ...this.bars.spans].join()) return;
        $("spans").replaceChildren(
            ...[null, ...this.bars.spans].map((span, i) =>
                make("button", {
                    type: "button",
                    textContent: span ? write.span(span) : "Auto",
                    title: i < 10 ? `Key ${i}` : "",
                    value: span ?? "",
                    onclick: () => this.choose(span),
                }),
            ),
        );
    }

    // What the buttons say about what is visible.
    #show() {
        const { bars, view } = this;
        $("b-latest").hidden = bars.length === 0 || view.isFollowing;
        for (const button of $("spans").children) button.ariaPressed = String(button.value === String(view.span ?? ""));
        if ($("spans").firstChild && bars.span)
            put($("spans").firstChild, view.span ? "Auto" : `Auto · ${write.span(bars.span)}`);
        for (const [i, [, ms]] of ranges.entries()) $("ranges").children[i].ariaPressed = String(view.stick === ms);
        put($("change"), ...changeOf(bars));
    }

    /** The price's change over the newest bar. */
    showChange() {
        put($("change"), ...changeOf(this.bars));
    }
}

function changeOf(bars) {
    if (!bars.isAtEnd || bars.length === 0) return ["", "delta"];
    const change = bars.close.at(-1) / bars.open.at(-1) - 1;
    return [`${write.signed(change, write.percent)} ${write.span(bars.span)}`, `delta ${write.side(change)}`];
}
