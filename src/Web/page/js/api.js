// Questions to the server. A failure that may pass is null, so that whoever asks tries again; a refusal is undefined.
const patience = 15_000;

let denied = () => {};
// The server's time, and when it was told by the clock of the page.
let [told, toldAt] = [Date.now(), performance.now()];

/** Calls back when the server asks for a token. */
export const onDenied = (then) => {
    denied = then;
};

/** The time of the server in ms: the clock of this machine may be wrong. */
export const serverTime = () => told + performance.now() - toldAt;

export async function get(url) {
    try {
        // A line that is silent ends no request by itself.
        const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
        const date = Date.parse(answer.headers.get("Date"));
        if (!Number.isNaN(date)) [told, toldAt] = [date, performance.now()];
        if (answer.status === 401) denied();
        if (answer.ok) return await answer.json();
        return answer.status >= 400 && answer.status < 500 ? undefined : null;
    } catch {
        return null;
    }
}

const listOf = (columns) => encodeURIComponent(columns.join());

/** Bars of a range of time. */
export async function candles({ from, to, max, span, columns }) {
    const query =
        (from === undefined ? "" : `&from=${Math.round(from)}`) +
        (to === undefined ? "" : `&to=${Math.round(to)}`) +
        (span ? `&span=${span}` : "") +
        `&max=${max}`;
    return await get(`/api/candles?columns=${listOf(columns)}${query}`);
}

/** A step; undefined if the run does not have it. */
export const step = (number) =>
    get(`/api/steps?since=${number - 1}&limit=1`).then((answer) => (answer ? answer.steps[0] : answer));
/** The newest executions; those next after a step, if one is given. */
export const trades = (limit, since) =>
    get(`/api/trades?limit=${limit}${since === undefined ? "" : `&since=${since}`}`);
