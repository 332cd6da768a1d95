// The dialogs: this run, keys and help, licences, go to a date.
import { get } from "./api.js";
import { $, make, put } from "./dom.js";
import { many, number, time } from "./format.js";
import { keep, settings } from "./settings.js";

const keys = [
    ["← →", "scroll"],
    ["↑ ↓, + −", "zoom"],
    ["PgUp PgDn", "a screen back, forward"],
    ["Shift ← →", "crosshair to the bar before, after"],
    ["Enter", "keep the reasons of the crosshair's bar"],
    ["Home", "the whole run"],
    ["End", "the newest candle, followed"],
    ["0", "timeframe by zoom"],
    ["1–9", "timeframe, as many as there are"],
    ["M, Shift drag", "measure price and time"],
    ["G", "go to a date"],
    ["I", "indicators and layers"],
    ["L", "logarithmic prices"],
    ["F", "only the chart, and back"],
    ["P", "save the chart as a picture"],
    ["R", "this run"],
    ["T", "light or dark"],
    ["?", "this help"],
    ["Esc", "close; back to the newest step; back from only the chart"],
];

/** Opens a dialog. */
export function open(id) {
    if (!$(id).open) $(id).showModal();
}

/** Makes the dialogs' buttons work. */
export function setUp() {
    for (const dialog of document.querySelectorAll("dialog")) {
        dialog.addEventListener("click", (event) => {
            if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
        });
    }
    $("b-run").onclick = async () => {
        open("d-run");
        // The hash of the data grows with every candle.
        const run = await get("/api/run");
        if (run) describe(run);
    };
    $("b-help").onclick = () => open("d-help");
    for (const id of ["b-about", "b-about2"])
        $(id).onclick = () => {
            $(id).closest("dialog").close();
            open("d-about");
        };
    $("keys").replaceChildren(
        ...keys.map(([key, words]) =>
            make(
                "div",
                {},
                make(
                    "dt",
                    {},
                    ...key.split(/(, )/).map((part) => (part === ", " ? part : make("kbd", { textContent: part }))),
                ),
                make("dd", { textContent: words }),
            ),
        ),
    );
    $("single-keys").checked = settings.singleKeys;
    $("single-keys").onchange = (event) => keep({ singleKeys: event.target.checked });
}

/** The dialog that asks for a date. */
export function setUpGo(market) {
    const input = $("go-time"),
        { bars } = market;
    const text = (ms) => new Date(ms).toISOString().slice(0, 16);
    $("b-go").onclick = () => {
        if (bars.first == null) return;
        [input.min, input.max] = [text(bars.first), text(bars.newest)];
        const range = market.chart.range;
        input.value = text(
            Math.min(Math.max(bars.timeAt(range ? (range.from + range.to) / 2 : 0), bars.first), bars.newest),
        );
        put($("go-range"), `Candles from ${time(bars.first)} to ${time(bars.newest)}`);
        open("d-go");
    };
    $("d-go").addEventListener("close", () => {
        const at = Date.parse(`${input.value}Z`);
        if ($("d-go").returnValue === "go" && !Number.isNaN(at)) market.go(at);
        $("d-go").returnValue = "";
    });
}

/** Writes what the run is. */
export function describe(run) {
    const facts = [
        ["Market", `${run.pair}, ${run.timeframe}`],
        ["Mode", run.mode],
        ["Agent", run.agent],
        ["Seed", run.seed],
        ["Initial equity", `${number(run.initial_equity)} ${run.quote}`],
        ["First candle", `${time(run.first_time)} UTC`],
        ["Data hash", run.data_hash],
        ["Run", run.id],
        ["Version", run.version],
        ...flat(run.header?.parameters ?? {}),
        [
            "columns",
            run.columns.length
                ? `${many(run.columns.length, "column")}: ${run.columns.map((column) => column.name).join(", ")}`
                : null,
        ],
        ["features", run.header?.features?.join(", ")],
    ];
    $("run-facts").replaceChildren(
        ...facts
            .filter(([, value]) => value != null)
            .map(([name, value]) =>
                make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: String(value) })),
            ),
    );
    put($("version"), run.version ?? "");
}

// Parameters in one list: costs.buy.taker_fee_bps.
const flat = (value, path = "") =>
    value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.entries(value).flatMap(([name, inner]) => flat(inner, path ? `${path}.${name}` : name))
        : [[path.replaceAll("_", " "), Array.isArray(value) ? value.join(", ") : value]];
