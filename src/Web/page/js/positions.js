// What follows from a list of trades: how long a position was held when it was sold, and what part of its price was gained.
const dust = 1e-9;

/** Tells `held` (ms) and `gain` (a fraction) of each sale; null of a buy, and where the beginning is not known. `isWhole` says that
 * the list begins with the first trade of the run. */
export function positionsOf(trades, isWhole) {
    const told = new Map();
    let [opened, quantity, isKnown] = [null, 0, isWhole];
    for (const trade of trades) {
        if (trade.side === "buy") {
            if (isKnown && opened === null) opened = trade.open_time;
            quantity += trade.quantity;
            continue;
        }
        const paid = trade.price * trade.quantity - trade.fee - trade.profit;
        told.set(trade.step, {
            held: opened === null ? null : trade.open_time - opened,
            gain: trade.profit == null || !(paid > 0) ? null : trade.profit / paid,
        });
        quantity -= trade.quantity;
        // A sale takes all there is, unless the exchange's largest order is less.
        if (!isKnown || quantity <= dust) [opened, quantity, isKnown] = [null, 0, true];
    }
    return told;
}
