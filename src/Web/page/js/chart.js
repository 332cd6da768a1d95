// The picture: candles, indicators, trades, equity and drawdown in panes with one time scale.
import {
    CandlestickSeries,
    createChart,
    CrosshairMode,
    PriceLineSource,
    PriceScaleMode,
} from "./lightweight-charts.js";
import { mostSeen } from "./detail.js";
import { perFrame } from "./dom.js";
import { Legends } from "./legend.js";
import { Measure } from "./measure.js";
import { colours, readColours } from "./palette.js";
import { candlePoint, panesOf, pricesLike } from "./series.js";
import { TradeLayer } from "./tradelayer.js";

export class Chart {
    #element;
    #bars;
    #chart;
    #candles;
    #series = [];
    #legends;
    #trades;
    #length = 0;
    #at = null;
    #isHeld = false;
    #cross = () => {};
    #layout = [[], [], []];
    #hands = [];
    #asked = null;

    /** `name` gives the pair. */
    constructor(element, legends, bars, name) {
        [this.#element, this.#bars] = [element, bars];
        // The library's own logo adds an inline style, which the Content-Security-Policy forbids: the page has the link instead.
        this.#chart = createChart(element, {
            autoSize: true,
            layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: true } },
            handleScale: { axisPressedMouseMove: true },
            kineticScroll: { mouse: false, touch: true },
        });
        this.#candles = this.#chart.addSeries(
            CandlestickSeries,
            { borderVisible: false, priceLineSource: PriceLineSource.LastVisible },
            0,
        );
        this.#trades = new TradeLayer(bars);
        this.#candles.attachPrimitive(this.#trades);
        this.measure = new Measure(bars);
        this.#candles.attachPrimitive(this.measure);
        this.measure.listenOn(element);
        this.#legends = new Legends(legends, bars, name);
        // Without an event of the hand, the crosshair only says again where it is.
        this.#chart.subscribeCrosshairMove(({ logical, sourceEvent }) =>
            this.#hover(logical ?? null, this.#isHeld && !sourceEvent),
        );
        this.onMove(() => this.#at === null && this.#write());
        const place = perFrame(() => this.#place());
        new ResizeObserver(place).observe(element);
        element.addEventListener("pointerup", place);
        for (const kind of ["wheel", "pointerdown"])
            element.addEventListener(
                kind,
                (event) => {
                    if (!event.target.closest("button, a")) this.handed();
                },
                { passive: true },
            );
        this.paint();
    }

    /** Calls back whenever what is visible changes, at most once a frame. */
    onMove(then) {
        this.#chart.timeScale().subscribeVisibleLogicalRangeChange(perFrame(then));
    }

    /** Calls back when the user moves the chart. */
    onHand(then) {
        this.#hands.push(then);
    }

    /** Says that the user has moved the chart. */
    handed() {
        for (const then of this.#hands) then();
    }

    /** Calls back with the index of the bar under the crosshair, or null, and whether it stays there without a hand. */
    onCross(then) {
        this.#cross = then;
    }

    /** Calls back with the index of a bar that was clicked. */
    onClick(then) {
        this.#chart.subscribeClick((event) => {
            if (event.logical !== undefined && event.point) then(this.#clamp(event.logical));
        });
    }

    get width() {
        return this.#chart.timeScale().width() || this.#element.clientWidth;
    }

    /** The places in sight. The library says the old ones for up to two frames after a change, so the new ones are kept here. */
    get range() {
        return this.#asked ?? this.#chart.timeScale().getVisibleLogicalRange();
    }
    set range(range) {
        this.#asked = range;
        this.#chart.timeScale().setVisibleLogicalRange(range);
        requestAnimationFrame(() =>
            requestAnimationFrame(() => {
                if (this.#asked === range) this.#asked = null;
            }),
        );
    }

    get at() {
        return this.#at;
    }

    /** The open time of the oldest bar in sight. */
    get first() {
        return this.#bars.time[this.#clamp(Math.ceil(this.range?.from ?? 0))];
    }

    /** The open time of the newest bar in sight. */
    get last() {
        return this.#bars.time[this.#clamp(Math.floor(this.range?.to ?? Infinity))];
    }

    /** What is drawn, without the crosshair, on a canvas. */
    picture() {
        return this.#chart.takeScreenshot(true);
    }

    /** The smallest difference of prices that the scale tells. */
    get priceStep() {
        return this.#candles.options().priceFormat.minMove;
    }

    /** The candles as the library has them. */
    get candles() {
        return this.#candles.data();
    }

    /** Shows these columns and layers. */
    arrange(columns, shown, layers) {
        const range = this.range;
        this.#layout = [columns, shown, layers];
        // The library loses count of its bars if series go while others still have data.
        for (const { series } of this.#series) series.setData([]);
        this.#candles.setData([]);
        for (const { series } of this.#series) this.#chart.removeSeries(series);
        const panes = panesOf(...this.#layout);
        this.#series = panes.flatMap((pane, i) =>
            pane.series.map((part) => {
                const series = this.#chart.addSeries(part.kind, { ...part.options, ...part.colour() }, i);
                for (const price of part.levels ?? [])
                    series.createPriceLine({
                        price,
                        color: colours.line,
                        lineStyle: 2,
                        lineWidth: 1,
                        axisLabelVisible: false,
                    });
                return { ...part, series };
            }),
        );
        this.#candles.setSeriesOrder?.(this.#series.filter((part) => part.series.getPane().paneIndex() === 0).length);
        this.#chart.panes().forEach((pane, i) => pane.setStretchFactor(panes[i]?.weight ?? 1));
        // A pane may have been another one before: each is told its scale.
        panes.slice(1).forEach((pane, i) =>
            this.#chart.priceScale("right", i + 1).applyOptions({
                mode: pane.mode ?? PriceScaleMode.Normal,
                scaleMargins: pane.margins ?? { top: 0.2, bottom: 0.1 },
            }),
        );
        this.#chart.priceScale("right", 0).applyOptions({ scaleMargins: { top: 0.12, bottom: 0.12 } });
        if (layers.includes("volume"))
            this.#chart.priceScale("volume", 0).applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
        this.#trades.show(layers);
        this.#legends.arrange(panes);
        this.draw();
        // A new pane has no height before the library has drawn it.
        requestAnimationFrame(() => this.#place());
        if (range && this.#bars.length) this.range = range;
    }

    set isLog(isLog) {
        this.#chart
            .priceScale("right", 0)
            .applyOptions({ mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal });
    }

    /** Shows other bars. */
    draw() {
        const bars = this.#bars;
        this.#length = bars.length;
        // A scale whose smallest step is larger than its prices would have no labels.
        const priceFormat = pricesLike(bars.close[0]);
        for (const series of [
            this.#candles,
            ...this.#series.filter((part) => part.isApart === false).map((part) => part.series),
        ])
            series.applyOptions({ priceFormat });
        this.#candles.setData(this.#points(candlePoint, 0));
        for (const { series, point } of this.#series) series.setData(this.#points(point, 0));
        this.#chart.applyOptions({
            timeScale: {
                timeVisible: bars.span < 86_400_000,
                secondsVisible: bars.span < 60_000,
                minBarSpacing: Math.max(this.width / mostSeen, 0.2),
            },
        });
        this.#at = null;
        this.#write();
        this.#trades.changed();
        this.#place();
    }

    /** Shows the bars from an index on. */
    grow(from) {
        // The library only takes changes of its last bar.
        if (from < this.#length - 1) return this.draw();
        this.#length = this.#bars.length;
        for (const point of this.#points(candlePoint, from)) this.#candles.update(point);
        for (const { series, point } of this.#series) for (const each of this.#points(point, from)) series.update(each);
        this.#trades.changed();
        this.#write();
    }

    /** Moves the crosshair by bars, for the keyboard. */
    step(by) {
        const range = this.range;
        if (!range) return;
        const from = this.#at ?? Math.min(this.#bars.length, Math.floor(range.to)) - (by < 0 ? 0 : 1);
        this.cross(this.#clamp(from + by));
    }

    /** Puts the crosshair on a bar, and the bar into sight. */
    cross(at) {
        const bars = this.#bars,
            range = this.range;
        if (!bars.length || !range) return;
        const width = range.to - range.from;
        if (at < range.from + 1 || at > range.to - 1) this.range = { from: at - width / 2, to: at + width / 2 };
        this.#chart.setCrosshairPosition(bars.close[at], bars.time[at] / 1000, this.#candles);
        this.#hover(at, true);
    }

    /** Takes the crosshair away. */
    uncross() {
        this.#chart.clearCrosshairPosition();
        this.#hover(null);
    }

    /** Begins to measure at the close of the crosshair's bar, or ends it. */
    toggleMeasure() {
        if (this.measure.isOn) {
            this.measure.clear();
            return;
        }
        if (this.#at === null) this.step(-1);
        if (this.#at !== null) this.measure.begin(this.#bars.time[this.#at], this.#bars.close[this.#at], true);
    }

    /** What is measured, or is under the crosshair, in words. */
    get words() {
        return this.measure.isOn ? this.measure.lines.join(", ") : this.#legends.words(this.#at);
    }

    /** Marks the bar whose reasons are shown; null marks none. */
    pin(time) {
        this.#trades.pin(time);
    }

    /** Takes the colours of the style sheet. */
    paint() {
        const { line, grid, soft, card, hover, label } = readColours();
        this.#chart.applyOptions({
            layout: {
                background: { color: card },
                textColor: soft,
                panes: { separatorColor: line, separatorHoverColor: hover },
            },
            grid: { vertLines: { color: grid }, horzLines: { color: grid } },
            crosshair: {
                mode: CrosshairMode.Normal,
                vertLine: { color: soft, labelBackgroundColor: label },
                horzLine: { color: soft, labelBackgroundColor: label },
            },
            rightPriceScale: { borderColor: line, minimumWidth: 72 },
            timeScale: { borderColor: line, rightOffset: 6 },
        });
        this.#candles.applyOptions({
            upColor: colours["candle-up"],
            downColor: colours["candle-down"],
            wickUpColor: colours["candle-up"],
            wickDownColor: colours["candle-down"],
        });
        if (this.#bars.length) this.arrange(...this.#layout);
    }

    #clamp(at) {
        return Math.min(Math.max(Math.round(at), 0), this.#bars.length - 1);
    }

    #points(point, from) {
        const points = [];
        for (let i = from; i < this.#bars.length; i++) points.push(point(this.#bars, i));
        return points;
    }

    #hover(at, isHeld = false) {
        if (this.#bars.length === 0) return;
        const bar = at === null ? null : this.#clamp(at);
        if (bar === this.#at && isHeld === this.#isHeld) return;
        [this.#at, this.#isHeld] = [bar, isHeld && bar !== null];
        this.#write();
        if (bar !== null && this.measure.isFollowing) this.measure.to(this.#bars.time[bar], this.#bars.close[bar]);
        this.#cross(bar, this.#isHeld);
    }

    #write() {
        const newest = this.#bars.length - 1,
            range = this.range;
        this.#legends.write(this.#at, range ? Math.min(Math.max(Math.floor(range.to), 0), newest) : newest);
    }

    #place() {
        this.#legends.place(
            this.#chart.panes().map((pane) => pane.getHeight()),
            this.#element.clientWidth,
        );
    }
}
