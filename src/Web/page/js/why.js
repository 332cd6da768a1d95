// Why a step was decided as it was: the newest one, the one under the crosshair, or one that is kept by a click.
import * as api from "./api.js";
import { $, make, put } from "./dom.js";
import { ActionTable } from "./decision.js";
import { gateWords } from "./experts.js";
import { bps, candles, figure, number, price, side, signed, time } from "./format.js";

const patience = 120,
    kept = 300,
    pace = 1_000,
    retry = 2_000;

export class Why {
    #run;
    #steps = new Map();
    #newest = null;
    #pinned = null;
    #over = null;
    #timer = null;
    #isAsking = false;
    #at = -pace;
    #parts;
    #onPin;

    /** `onPin` is told the time of the step that is kept, or null. */
    constructor(run, onPin) {
        [this.#run, this.#onPin] = [run, onPin];
        this.#parts = partsOf($("why-body"));
        $("b-unpin").onclick = () => this.pin(null);
    }

    /** Whether another step than the newest one is looked at. */
    get isElsewhere() {
        return this.#pinned !== null || this.#over !== null;
    }

    /** The newest step; shown while nothing else is looked at, at most once a second. */
    newest(step) {
        this.#newest = step;
        this.#follow();
    }

    /** The step under the crosshair; null when it has left. `isHeld`: it stays there without a hand. */
    over(step, isHeld = false) {
        this.#over = step;
        $("b-unpin").hidden = this.#pinned === null && !isHeld;
        if (this.#pinned === null) this.#soon(this.#steps.has(step) ? 0 : patience);
    }

    /** Keeps a step in sight; null goes back to the newest. */
    pin(step) {
        this.#pinned = step;
        $("b-unpin").hidden = step === null;
        if (step === null) {
            this.#over = null;
            this.#onPin(null);
        }
        this.#soon(0);
    }

    /** The run went back: what is known of later steps no longer holds. */
    forget() {
        this.#steps = new Map();
        if (this.isElsewhere) this.pin(null);
    }

    /** There is no step yet. */
    empty() {
        this.#newest = null;
        this.forget();
        this.#parts.root.hidden = true;
        put($("why-step"), "");
    }

    // Asks for the newest step. A timer that runs takes what is newest then, and a question under way asks again after its answer.
    #follow() {
        if (!this.isElsewhere && this.#timer === null && !this.#isAsking)
            this.#soon(Math.max(pace - (performance.now() - this.#at), 0));
    }

    #soon(delay) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#timer = null;
            this.#ask();
        }, delay);
    }

    async #ask() {
        const goal = () => [this.#pinned, this.#over].find((step) => step !== null) ?? null;
        const chosen = goal(),
            step = chosen ?? this.#newest;
        if (step === null) return;
        this.#at = performance.now();
        this.#isAsking = true;
        const steps = this.#steps,
            answer = steps.get(step) ?? (await api.step(step));
        this.#isAsking = false;
        // Steps have come meanwhile, or another run: nothing else may come that asks for them.
        if (step !== this.#newest || steps !== this.#steps) this.#follow();
        // The run has become another one.
        if (steps !== this.#steps) return;
        if (answer) this.#steps.set(step, answer);
        if (this.#steps.size > kept) this.#steps.delete(this.#steps.keys().next().value);
        // Something else is looked at by now.
        if (goal() !== chosen) return;
        if (!answer) {
            put($("why-step"), `step ${number(step, 0)}: no answer`);
            // The reasons in sight are those of another step.
            this.#parts.root.hidden = true;
            if (answer === null) this.#soon(retry);
            return;
        }
        this.#write(answer);
        if (step === this.#pinned) this.#onPin(answer.open_time);
    }

    #write(step) {
        const { facts, table, bars, note, more, columns, root } = this.#parts;
        root.hidden = false;
        const which = this.#pinned !== null ? "kept · " : this.#over !== null ? "" : "newest · ";
        put($("why-step"), `${which}step ${number(step.step, 0)} · ${time(step.open_time)}`);
        writeFacts(facts, step, this.#run);
        table.show(step.values, step.action, step.gate);
        put(note, wordsOf(step));
        drawBars(bars, step.contributions ?? []);
        more.hidden = !step.columns;
        if (step.columns)
            columns.replaceChildren(
                ...pairs(Object.entries(step.columns).map(([name, value]) => [name, figure(value)])),
            );
    }
}

function partsOf(body) {
    const facts = make("dl", { className: "chips" }),
        values = make("div"),
        bars = make("table", { className: "numbers bars" }),
        note = make("p", { className: "soft" });
    bars.append(make("caption", { textContent: "What each feature adds to the mean, bps" }), make("tbody"));
    const columns = make("dl", { className: "facts" }),
        more = make("details", {}, make("summary", { textContent: "Indicators at this step" }), columns);
    const root = make(
        "div",
        { className: "reasons", hidden: true },
        facts,
        make("div", {}, values, note),
        make("div", {}, bars, more),
    );
    body.append(root);
    return { facts, table: new ActionTable(values), bars, note, more, columns, root };
}

const pairs = (list) =>
    list.map(([name, text, className = ""]) =>
        make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: text, className })),
    );

function writeFacts(facts, step, run) {
    const { fill } = step;
    facts.replaceChildren(
        ...pairs([
            [
                "Chosen",
                `${step.action.toUpperCase()}${step.reason ? `, ${step.reason}` : ""}`,
                { buy: "buy", sell: "sell" }[step.action],
            ],
            ["Looks ahead", step.horizon == null ? "–" : candles(step.horizon)],
            ["Equity", `${number(step.equity)} ${run.quote}`],
            ["Holds", `${number(step.position, 5)} ${run.base}`],
            // The reward of an earlier decision: that of this one is known later.
            ["Reward known here", step.reward == null ? "none" : `${signed(step.reward, bps)} bps`, side(step.reward)],
            [
                "Filled",
                fill
                    ? `${fill.side === "buy" ? "bought" : "sold"} ${number(fill.quantity, 5)} at ${price(fill.price)}`
                    : "nothing",
            ],
            ...(fill?.profit == null ? [] : [["Profit", signed(fill.profit, number), side(fill.profit)]]),
        ]),
    );
}

/** What is not shown, and what the agent was kept from. */
export function wordsOf(step) {
    if (step.contributions === null && step.gate === null && step.values.buy.deviation === null)
        return (
            "This step comes from the journal, which keeps the means. Deviations, draws, gate, contributions and " +
            "indicators of old steps are not kept."
        );
    const gate = step.gate && !step.gate.is_open ? gateWords(step.gate, null, step.horizon) : "";
    if (step.contributions === null) return `${gate} This agent does not say why.`.trim();
    const chosen = step.values[step.action];
    if (step.contributions.every((part) => part.bps === 0))
        return (
            `${step.action.toUpperCase()} here brings ${signed(chosen.mean, bps)} bps, whatever the features say; ` +
            `buying would bring ${signed(step.values.buy.mean, bps)} bps after costs. ${gate}`
        ).trim();
    return gate;
}

function drawBars(table, contributions) {
    const sorted = contributions.toSorted((a, b) => Math.abs(b.bps) - Math.abs(a.bps)),
        most = Math.max(1e-9, Math.abs(sorted[0]?.bps ?? 0));
    table.hidden = sorted.every((part) => part.bps === 0);
    table.tBodies[0].replaceChildren(
        ...sorted.map(({ feature, value, bps: share }) => {
            const bar = make("i", { className: share >= 0 ? "more" : "less" });
            bar.style.width = `${(Math.abs(share) / most) * 50}%`;
            return make(
                "tr",
                { title: `${feature}: value ${figure(value)}` },
                make("th", { scope: "row", textContent: feature }),
                make("td", { textContent: signed(share, number, 2), className: side(share) }),
                make("td", { className: "beam" }, make("span", { "aria-hidden": "true" }, bar)),
            );
        }),
    );
}
