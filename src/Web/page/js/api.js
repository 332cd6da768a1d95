// Questions to the server. A failure is null: the page keeps what it shows and asks again when the line is back.
let denied = () => {};

/** Calls back when the server asks for a token. */
export const onDenied = then => { denied = then; };

export async function get(url) {
  try {
    const answer = await fetch(url);
    if (answer.status === 401) denied();
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const listOf = columns => encodeURIComponent(columns.join());

/** Bars of a range of time. Columns that this run does not have are forgotten. */
export async function candles({ from, to, max, span, columns }) {
  const query = (from === undefined ? "" : `&from=${Math.round(from)}`) + (to === undefined ? "" : `&to=${Math.round(to)}`) + (span ? `&span=${span}` : "") + `&max=${max}`;
  return await get(`/api/candles?columns=${listOf(columns)}${query}`);
}

export const step = number => get(`/api/steps?since=${number - 1}&limit=1`).then(answer => answer?.steps[0] ?? null);
export const trades = (since, limit) => get(`/api/trades?since=${since}&limit=${limit}`);
