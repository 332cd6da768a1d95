using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using JournalRow = BtcBandit.Engine.Journal.TradeRow;

namespace BtcBandit.Engine.Watching;

/// <summary>Follows the account of a run over the rows of its <c>trades.csv</c>, as the exchange does: all rows, in order. Not
/// thread-safe.</summary>
/// <param name="header">Identity of the run.</param>
internal sealed class PastAccount(RunHeader header)
{
    private double peak = header.Parameters.InitialCash;
    private double position;
    private double costBasis;

    /// <summary>How far the newest row's equity is below its highest value so far, a fraction in 0..1.</summary>
    public double Drawdown { get; private set; }

    /// <summary>Takes the next row.</summary>
    /// <returns>Its execution; null if there is none.</returns>
    public Fill? Next(in JournalRow row)
    {
        peak = Math.Max(peak, row.Equity);
        Drawdown = 1.0 - row.Equity / peak;
        var before = position;
        position = row.Position;
        if (row is not { FillPrice: { } price, FillQuantity: { } quantity })
            return null;
        var (fee, slippage) = (row.Fee ?? 0, row.Slippage ?? 0);
        if (row.Position > before)
        {
            costBasis += price * quantity + fee;
            return new Fill(TradeAction.Buy, row.OpenTime, price, quantity, fee, slippage, null);
        }

        var cost = before > 0 ? costBasis * (quantity / before) : 0;
        costBasis -= cost;
        return new Fill(TradeAction.Sell, row.OpenTime, price, quantity, fee, slippage, price * quantity - fee - cost);
    }
}
