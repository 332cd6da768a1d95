// How much is loaded, and when other bars are due: three screens of them, at the finest timeframe that keeps them readable.
const thinnest = 3.2; // pixels that a bar needs
const mostBars = 4_500;

/** The server gives no more bars at once. */
export const limit = 5_000;
/** No more bars than these are in sight. */
export const mostSeen = 1_500;

/** How many bars are loaded for a chart of so many pixels. */
export const mostFor = (width) => Math.min(Math.round(Math.max(width, 300) / thinnest) * 3, mostBars);

const densest = 0.55; // the share of them that may be in sight

/** How many bars show the whole run, so that it need not be loaded again. */
export const wholeFor = (width) => Math.floor(mostFor(width) * densest);

/** Whether other bars are due for a range of places: near an edge, too dense or too sparse. `span` was chosen, or is null. */
export function isDue(bars, { from, to }, width, span) {
    const most = mostFor(width),
        seen = to - from,
        i = bars.spans.indexOf(bars.span);
    const isNearEdge = (from < seen * 0.4 && !bars.isAtStart) || (to > bars.length - seen * 0.4 && !bars.isAtEnd);
    const isDense = span === null && seen > most * densest && i < bars.spans.length - 1;
    const isSparse = span === null && i > 0 && seen * (bars.span / bars.spans[i - 1]) * 3 < most * 0.9;
    return isNearEdge || isDense || isSparse || bars.length > limit;
}

/** What is asked for, roughly: the same question has the same answer, and a limit of the server's must not become a loop. */
export const questionOf = (bars, { from, to }, span) => {
    const seen = to - from,
        middle = (bars.timeAt(from) + bars.timeAt(to)) / 2;
    return [
        Math.round(middle / bars.span / Math.max(seen * 0.05, 1)),
        Math.round(Math.log(seen) * 20),
        bars.span,
        span,
    ].join();
};
