// The chart by keyboard, while it has the focus.
import { $, put } from "./dom.js";

/** Listens to keys on the chart of a market. */
export function listenTo(market) {
    const { chart, view } = market;
    let saying = null;
    // A reader hears the bar where the keys come to rest.
    const say = () => {
        clearTimeout(saying);
        saying = setTimeout(() => put($("spoken"), chart.words), 300);
    };

    $("chart").addEventListener("keydown", (event) => {
        const range = chart.range;
        if (!range || event.target !== $("chart") || event.ctrlKey || event.metaKey || event.altKey) return;
        const width = range.to - range.from;
        const move = (by) => {
            chart.range = { from: range.from + by * width, to: range.to + by * width };
            chart.handed();
        };
        const zoom = (by) => {
            chart.range = { from: range.to - Math.max(width * by, 8), to: range.to };
            chart.handed();
        };
        const keys = {
            ArrowLeft: () => (event.shiftKey ? (chart.step(-1), say()) : move(-0.1)),
            ArrowRight: () => (event.shiftKey ? (chart.step(1), say()) : move(0.1)),
            ArrowUp: () => zoom(0.8),
            ArrowDown: () => zoom(1.25),
            "+": () => zoom(0.8),
            "=": () => zoom(0.8),
            "-": () => zoom(1.25),
            PageUp: () => move(-0.9),
            PageDown: () => move(0.9),
            Home: () => market.range(Infinity),
            End: () => view.latest(),
            Enter: () => {
                if (chart.at !== null) market.pin(chart.at);
            },
        };
        if (!keys[event.key]) return;
        event.preventDefault();
        event.stopPropagation();
        keys[event.key]();
    });
}
