// The first questions, asked while the rest of the page is still on its way. They are repeated until there is an answer.
import * as api from "./api.js";
import { wholeFor } from "./detail.js";
import { $ } from "./dom.js";
import { firstColumns } from "./layers.js";
import { isAlike } from "./runs.js";
import { keep, settings } from "./settings.js";
import { applyTheme } from "./theme.js";

const patience = 2_000,
    axis = 72;

applyTheme();

async function until(ask) {
    for (;;) {
        const answer = await ask();
        if (answer) return answer;
        await new Promise((then) => setTimeout(then, patience));
    }
}

/** What the run is. Columns that were chosen in another run and that this one does not have are forgotten. */
export const run = until(() => api.get("/api/run")).then((answer) => {
    const known = new Set(answer.columns.map((column) => column.name));
    keep({ columns: settings.columns?.filter((name) => known.has(name)) ?? firstColumns(answer.columns) });
    return answer;
});

/** The whole history, for a chart as wide as the page's. */
export const history = run.then((known) =>
    until(async () => {
        const max = wholeFor($("chart").clientWidth - axis),
            answer = await api.candles({ max, columns: settings.columns });
        // A run with other columns may have begun since the first question.
        const now = answer === undefined ? await api.get("/api/run") : null;
        if (now && !isAlike(now, known)) location.reload();
        return answer;
    }),
);
