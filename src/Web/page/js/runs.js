// What a page is built for: its menu, panes and timeframes are those of one kind of run.
const kindOf = ({ pair, span, columns }) => JSON.stringify([pair, span, columns]);

/** Whether a page that was built for one run can show the other one too. */
export const isAlike = (one, other) => kindOf(one) === kindOf(other);
