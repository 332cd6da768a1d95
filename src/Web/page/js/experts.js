// The experts: every horizon trades in a paper account of its own, and its evidence decides whether the agent trades. The
// accounts show what is learned while the gate is closed, too.
import { make, put } from "./dom.js";
import { candles, many, number, percent, side, signed } from "./format.js";

/** What a run that is continued cannot say before its next candle. */
export const later = "Known after the next candle.";

/** Whether the newest step is one of an earlier session, of which only the figures are known. */
export const isResumed = ({ reason, gate, values }) => reason == null && gate == null && values?.buy?.deviation == null;

/** Why the gate is closed or open, in one sentence. */
export function gateWords(gate, experts, horizon) {
    if (!gate)
        return `This agent has ${experts?.length ? "" : "no experts and "}no gate: its decisions are followed as they are.`;
    const who = experts?.find((expert) => expert.is_followed)?.horizon ?? horizon;
    const expert = who == null ? "the best expert" : `the expert that looks ${candles(who)} ahead`;
    const evidence = number(gate.evidence),
        required = number(gate.required);
    if (gate.is_open && gate.required <= 0)
        return `The gate is open, and the agent follows ${expert}: its evidence is ${evidence}, and none is required.`;
    if (gate.is_open)
        return `The gate is open until the evidence falls below 0, and the agent follows ${expert}, whose evidence is ${evidence}.`;
    return (
        `The gate is closed: ${expert} has the most evidence, ${evidence} of ${required}. Money follows an expert once its net ` +
        `gain by timing is ${required} times what luck alone would bring, a little more the longer we have looked. Until then ` +
        "the agent sells what it has and buys nothing."
    );
}

export class Experts {
    #table;
    #badge;
    #why;
    #rows = [];

    constructor(table, badge, why) {
        [this.#table, this.#badge, this.#why] = [table, badge, why];
    }

    show(latest) {
        const { experts, gate, horizon } = latest,
            isLater = isResumed(latest);
        put(
            this.#badge,
            isLater ? "" : gate ? (gate.is_open ? "gate open" : "gate closed") : "no gate",
            `badge ${gate ? (gate.is_open ? "good" : "warn") : ""}`,
        );
        put(this.#why, isLater ? later : gateWords(gate, experts, horizon));
        this.#table.hidden = !experts?.length;
        while (this.#rows.length < (experts?.length ?? 0)) this.#rows.push(this.#row());
        this.#rows.forEach((row, i) => {
            const expert = experts?.[i];
            row.element.hidden = !expert;
            if (expert) fill(row, expert);
        });
    }

    /** Nothing is known yet. */
    empty() {
        put(this.#badge, "", "badge");
        put(this.#why, "");
        this.#table.hidden = true;
    }

    #row() {
        const [name, money, gain, bar, text] = [
            make("th", { scope: "row" }),
            make("td"),
            make("td"),
            make("progress"),
            make("span"),
        ];
        const element = make(
            "tr",
            {},
            name,
            money,
            gain,
            make("td", {}, make("span", { className: "evidence" }, bar, text)),
        );
        this.#table.tBodies[0].append(element);
        return { element, name, money, gain, bar, text };
    }
}

function fill(row, { horizon, total_return, trades, timing_gain, evidence, required, is_followed, is_gate_open }) {
    const { element, name, money, gain, bar, text } = row;
    const isEnough = evidence >= (is_gate_open ? 0 : required);
    element.className = is_followed ? "chosen" : "";
    put(name, `${horizon}${is_followed ? " ◂" : ""}`);
    name.ariaLabel = `${candles(horizon)}${is_followed ? ", followed" : ""}`;
    put(money, signed(total_return, percent, 1), side(total_return));
    money.title = many(trades, "trade");
    put(gain, signed(timing_gain, percent, 1), side(timing_gain));
    bar.max = required > 0 ? required : 1;
    bar.value = required > 0 ? Math.min(Math.max(evidence, 0), required) : isEnough ? 1 : 0;
    bar.className = isEnough ? "enough" : "";
    bar.ariaLabel = `Evidence of the expert for ${candles(horizon)}`;
    put(text, required > 0 ? `${number(evidence)} of ${number(required)}` : `${number(evidence)}, none`);
}
