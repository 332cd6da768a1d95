// The three actions: what the agent expects of each, drawn as an interval. Mean and deviation are a band, the draw that
// decided is a ring; all three actions share one scale.
import { make, put, shape } from "./dom.js";
import { bps, number, side, signed } from "./format.js";

export const actions = ["sell", "hold", "buy"];
const [width, height, edge] = [120, 18, 5];

/** A table of action values. */
export class ActionTable {
    #rows;
    #note;
    #root;

    constructor(root) {
        this.#root = root;
        this.#rows = actions.map((action) => {
            const parts = {
                axis: shape("line", { class: "axis", y1: 0, y2: height }),
                band: shape("rect", { class: `band ${action}`, y: 5, height: 8, rx: 2 }),
                mean: shape("line", { class: `mean ${action}`, y1: 3, y2: 15 }),
                draw: shape("circle", { class: `draw ${action}`, cy: height / 2, r: 3.5 }),
            };
            const drawing = shape(
                "svg",
                { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
                ...Object.values(parts),
            );
            const [mean, sd, draw] = [make("td"), make("td"), make("td")];
            const name = make("th", { scope: "row" });
            return {
                action,
                parts,
                drawing,
                name,
                mean,
                sd,
                draw,
                row: make("tr", {}, name, make("td", { className: "drawing" }, drawing), mean, sd, draw),
            };
        });
        const head = make(
            "tr",
            {},
            ...[
                ["Action"],
                ["Interval"],
                ["Mean"],
                ["SD", "Standard deviation"],
                ["Draw", "The draw from the posterior that decided"],
            ].map(([text, title]) =>
                make("th", { scope: "col" }, title ? make("abbr", { title, textContent: text }) : text),
            ),
        );
        this.#note = make("p", { className: "soft" });
        root.append(
            make(
                "table",
                { className: "numbers actions" },
                make("thead", {}, head),
                make("tbody", {}, ...this.#rows.map((r) => r.row)),
            ),
            this.#note,
        );
    }

    /** `isResumed`: more will be known after the next candle. */
    show(values, chosen, gate, isResumed = false) {
        this.#root.hidden = false;
        const all = actions.map((action) => values[action]).filter(Boolean);
        const reach = Math.max(
            1e-6,
            ...all.flatMap((v) => [Math.abs(v.mean) + (v.deviation ?? 0), Math.abs(v.draw ?? 0)]),
        );
        const x = (value) => width / 2 + ((width / 2 - edge) * value) / reach;
        for (const { action, parts, name, mean, sd, draw, row } of this.#rows) {
            const v = values[action];
            if (!v) continue;
            const isOut = v.offered === false;
            row.className = action === chosen ? "chosen" : isOut ? "off" : "";
            put(name, `${action}${action === chosen ? " ◂" : isOut ? " ×" : ""}`);
            put(mean, signed(v.mean, bps), side(v.mean));
            put(sd, number(v.deviation == null ? null : v.deviation * 1e4, 1));
            put(draw, signed(v.draw, bps), side(v.draw));
            place(parts, v, x);
        }
        put(
            this.#note,
            `${noteOf(values, gate, reach)}${isResumed ? " Deviations and draws are known after the next candle." : ""}`,
        );
    }

    /** There is no decision yet. */
    empty() {
        this.#root.hidden = true;
    }
}

function place({ axis, band, mean, draw }, v, x) {
    const set = (element, attributes) => {
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    };
    const deviation = v.deviation ?? 0;
    set(axis, { x1: width / 2, x2: width / 2 });
    set(band, {
        x: x(v.mean - deviation),
        width: Math.max(x(v.mean + deviation) - x(v.mean - deviation), 1),
        visibility: v.deviation == null ? "hidden" : "visible",
    });
    set(mean, { x1: x(v.mean), x2: x(v.mean) });
    set(draw, { cx: x(v.draw ?? 0), visibility: v.draw == null ? "hidden" : "visible" });
}

function noteOf(values, gate, reach) {
    const out = actions.filter((action) => values[action]?.offered === false),
        isClosed = gate != null && !gate.is_open;
    // A closed gate sells and then stays out: it never keeps a sale out.
    const shut = isClosed ? out.filter((action) => action !== "sell") : [],
        rest = out.filter((action) => !shut.includes(action));
    const words = (list, why) => (list.length ? ` × ${list.join(" and ")}: ${why}.` : "");
    const scale = `bps of equity after costs, scale ±${number(reach * 1e4, 0)}.`;
    return scale + words(shut, "kept out by the gate") + words(rest, "not possible now");
}
