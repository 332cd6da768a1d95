// The series of the chart: which there are, with what options, and the points of each.
import {
    BaselineSeries,
    HistogramSeries,
    LineSeries,
    LineStyle,
    LineType,
    PriceScaleMode,
} from "./lightweight-charts.js";
import * as write from "./format.js";
import { groups, isDots, isHistogram, levelsOf } from "./layers.js";
import { colours } from "./palette.js";

const line = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerRadius: 3 };
const custom = (formatter, minMove) => ({ type: "custom", minMove, formatter });
const money = custom(write.price, 0.01);
/** How prices of the size of this one are written. */
export const pricesLike = (price) => custom(write.price, write.stepOf(price));
const share = custom((value) => write.percent(value, 1), 0.0001),
    own = custom(write.figure, 0.0001);
const valueOf = (name, of) => (bars, i) => ({ time: bars.time[i] / 1000, value: of(bars, i) ?? undefined });
// A drawdown is seen against its peak: the scale always reaches 0, and a run without any does not fill the pane.
const withZero = (original) => {
    const info = original();
    return info?.priceRange
        ? { ...info, priceRange: { minValue: Math.min(info.priceRange.minValue, -0.01), maxValue: 0 } }
        : info;
};
const column = (name) => valueOf(name, (bars, i) => bars.columns[name]?.[i]);

function indicator(name, colour, isApart) {
    const common = isApart ? { priceFormat: own } : {};
    if (isHistogram(name))
        return {
            name,
            isApart,
            kind: HistogramSeries,
            options: { ...line, ...common },
            colour: () => ({ color: colours.hold }),
            point: signedBars(name),
        };
    const dots = isDots(name) ? { lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: 1.5 } : {};
    const steps = /_direction$/.test(name) ? { lineType: LineType.WithSteps } : {};
    return {
        name,
        isApart,
        kind: LineSeries,
        options: { ...line, ...common, ...dots, ...steps, lastValueVisible: isApart },
        colour: () => ({ color: colours.lines[colour] }),
        point: column(name),
        levels: isApart ? levelsOf(name) : [],
    };
}

const signedBars = (name) => (bars, i) => {
    const value = bars.columns[name]?.[i] ?? undefined;
    return { time: bars.time[i] / 1000, value, color: value >= 0 ? colours["up-fill"] : colours["down-fill"] };
};

const volume = {
    name: "volume",
    kind: HistogramSeries,
    options: {
        priceScaleId: "volume",
        priceFormat: { type: "volume" },
        lastValueVisible: false,
        priceLineVisible: false,
    },
    colour: () => ({}),
    point: (bars, i) => ({
        time: bars.time[i] / 1000,
        value: bars.volume[i],
        color: bars.close[i] >= bars.open[i] ? colours["up-fill"] : colours["down-fill"],
    }),
};
const equity = [
    {
        name: "equity",
        kind: LineSeries,
        options: { ...line, lineWidth: 2, lastValueVisible: true, priceFormat: money },
        colour: () => ({ color: colours.accent }),
        point: valueOf("equity", (bars, i) => bars.equity[i]),
    },
    {
        name: "buy_and_hold",
        kind: LineSeries,
        options: { ...line, lineStyle: LineStyle.Dashed, lastValueVisible: true, priceFormat: money },
        colour: () => ({ color: colours.hold }),
        point: valueOf("buy_and_hold", (bars, i) => bars.buy_and_hold[i]),
    },
];
const drawdown = [
    {
        name: "drawdown",
        kind: BaselineSeries,
        options: {
            ...line,
            lastValueVisible: true,
            baseValue: { type: "price", price: 0 },
            priceFormat: share,
            autoscaleInfoProvider: withZero,
        },
        colour: () => ({
            topLineColor: colours["candle-down"],
            bottomLineColor: colours["candle-down"],
            topFillColor1: colours["down-fill"],
            topFillColor2: colours["down-fill"],
            bottomFillColor1: colours["down-fill"],
            bottomFillColor2: colours["down-fill"],
        }),
        point: valueOf("drawdown", (bars, i) => -bars.drawdown[i]),
    },
];

// Drawdowns hang from the top of their pane, where the legend is.
const belowLegend = { top: 0.32, bottom: 0.06 };

/** The panes to show, top to bottom: `{ key, title, weight, mode, margins, series }`; the first one has the candles. */
export function panesOf(columns, shown, layers) {
    const all = groups(columns),
        lines = colours.lines.length;
    // Bands have one colour; lines that cross in a pane of their own have one each.
    const colourOf = (group, name) =>
        (group.pane === "price"
            ? all.findIndex((other) => other.key === group.key && other.pane === group.pane)
            : columns.findIndex((other) => other.name === name)) % lines;
    const chosen = all
        .map((group) => ({ ...group, columns: group.columns.filter((name) => shown.includes(name)) }))
        .filter((group) => group.columns.length);
    const of = (group, isApart) => group.columns.map((name) => indicator(name, colourOf(group, name), isApart));
    const price = {
        key: "price",
        weight: 6,
        series: [
            ...(layers.includes("volume") ? [volume] : []),
            ...chosen.filter((group) => group.pane === "price").flatMap((group) => of(group, false)),
        ],
    };
    const apart = chosen
        .filter((group) => group.pane !== "price")
        .map((group) => ({ key: group.key, title: group.key, weight: 1.6, series: of(group, true) }));
    return [
        price,
        ...apart,
        ...(layers.includes("equity")
            ? [{ key: "equity", title: "Equity", weight: 2, mode: PriceScaleMode.Percentage, series: equity }]
            : []),
        ...(layers.includes("drawdown")
            ? [{ key: "drawdown", title: "Drawdown", weight: 1.1, margins: belowLegend, series: drawdown }]
            : []),
    ];
}

export const candlePoint = (bars, i) => ({
    time: bars.time[i] / 1000,
    open: bars.open[i],
    high: bars.high[i],
    low: bars.low[i],
    close: bars.close[i],
});
