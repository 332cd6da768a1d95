// Single keys that work anywhere but where text is written; the help has a switch for them.
import { $ } from "./dom.js";
import { settings } from "./settings.js";

// Escape takes away one thing at a time, and at last leaves the chart alone on the page.
function leave(market, why) {
    // A menu closes by itself.
    if ($("menu").matches(":popover-open")) return;
    const measure = market()?.chart.measure;
    if (measure?.isOn) measure.clear();
    // A hand over the chart keeps no step.
    else if (document.body.classList.contains("focus") && $("b-unpin").hidden) $("b-focus").click();
    else if (why.isElsewhere) why.pin(null);
}

/** `market` gives the chart, or null without one. */
export function listen(market, why) {
    const keys = {
        "?": () => $("b-help").click(),
        r: () => $("b-run").click(),
        t: () => $("b-theme").click(),
        f: () => market() && $("b-focus").click(),
        g: () => $("b-go").click(),
        l: () => $("b-log").click(),
        i: () => market() && $("menu").togglePopover(),
        p: () => market()?.save(),
        m: () => market()?.chart.toggleMeasure(),
    };
    document.addEventListener("keydown", (event) => {
        if (
            event.ctrlKey ||
            event.metaKey ||
            event.altKey ||
            event.defaultPrevented ||
            document.querySelector("dialog[open]")
        )
            return;
        if (event.target.closest("input, textarea, select, [popover]")) return;
        if (event.key === "Escape") {
            leave(market, why);
            return;
        }
        if ((!settings.singleKeys && event.target !== $("chart")) || event.repeat) return;
        const act = keys[event.key.toLowerCase()];
        const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : null;
        if (act) {
            event.preventDefault();
            act();
        } else if (digit !== null && market()) $("spans").children[digit]?.click();
    });
}
