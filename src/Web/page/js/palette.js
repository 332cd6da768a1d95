// The colours of the style sheet, for what is drawn on a canvas. Asked for once a theme: asking costs more than a bar.
import { make } from "./dom.js";

const names = [
    "card",
    "line",
    "grid",
    "text",
    "soft",
    "accent",
    "candle-up",
    "candle-down",
    "up-fill",
    "down-fill",
    "up",
    "down",
    "label",
    "hover",
    "hold",
    "buy",
    "sell",
    "shade",
];
const lines = 8;

/** Colours by name; `lines` are those of the indicators. */
export const colours = { lines: [] };

export function readColours() {
    // A variable holds the colours of both themes; that of an element is one of them.
    const probe = make("i", { hidden: true }),
        style = getComputedStyle(probe);
    document.body.append(probe);
    const of = (name) => {
        probe.style.color = `var(--${name})`;
        return style.color;
    };
    for (const name of names) colours[name] = of(name);
    colours.lines = Array.from({ length: lines }, (_, i) => of(`line-${i + 1}`));
    probe.remove();
    return colours;
}
