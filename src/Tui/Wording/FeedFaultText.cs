using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Wording;

/// <summary>Faults of candle data in the words of the command line: which flag helps.</summary>
internal static class FeedFaultText
{
    /// <summary>One line for the terminal; the engine's own sentence where no flag can help.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="hasOtherSources">Whether the command also takes candles from a stream, from files, or synthetic ones.</param>
    public static string Of(FeedFault fault, bool hasOtherSources = true) =>
        fault switch
        {
            FeedFault.ExchangeUnreachable host when !hasOtherSources =>
                $"{host}, or name another host with --binance-rest",
            // A contract's symbol is no pair, so no flag selects it.
            FeedFault.OtherSymbol other when !IsPair(other.Symbol) => $"{other}",
            FeedFault.OtherSymbol other => $"{other}; pass --symbol {other.Symbol} to use it",
            FeedFault.OnlyOtherSymbols others => $"{others}; see --symbol",
            FeedFault.LongerTimeframe longer => $"{longer}; pass --timeframe {longer.Found}",
            FeedFault.IndivisibleTimeframe indivisible => $"{indivisible}; pass --timeframe {indivisible.Found}",
            FeedFault.AmbiguousDates dates =>
                $"{dates}; pass --time-format 'dd/MM/yyyy HH:mm' or 'MM/dd/yyyy HH:mm', with the file's own marks",
            FeedFault.NotATime { Format: null } time => $"{time}; for other notations, pass --time-format",
            FeedFault.NotATime time => $"{time} with --time-format",
            FeedFault.NotATable
            or FeedFault.UnknownColumns
            or FeedFault.MissingColumn
            or FeedFault.RepeatedColumn
            or FeedFault.RepeatedTimes
            or FeedFault.TwoTimes
            or FeedFault.NotACandle => $"{fault}; for other layouts, pass --columns",
            FeedFault.OutOfOrder jump => $"{jump}; for files, pass --sort",
            FeedFault.ExchangeUnreachable host =>
                $"{host}, or name another host with --binance-rest and --binance-stream; without a network, pass --offline or --data",
            FeedFault.ExchangeRefuses { Status: 451 } region => $"{region}: see --binance-rest and --binance-stream",
            FeedFault.ExchangeRefuses { Code: -1121 } pair => $"{pair}; see --symbol",
            FeedFault.NotTraded halted => $"{halted}; see --symbol, or wait for it with --continuous",
            FeedFault.ExchangeRefuses { Code: -1120 } timeframe => $"{timeframe}; see --timeframe",
            FeedFault.ExchangeRefuses { Code: 0 } other => $"{other}; see --binance-rest",
            FeedFault.Unwritable or FeedFault.CandlesInUse => $"{fault}, or choose another folder with --data-dir",
            FeedFault.NoCandles none => $"--data gave no candle of {none.Timeframe}; nothing was written",
            FeedFault.TooFewCandles few => $"--stability needs at least {few.Needed} candles, --data gave {few.Found}",
            _ => fault.Sentence,
        };

    private static bool IsPair(string symbol) =>
        symbol.All(char.IsAsciiLetterOrDigit) && TradingPair.TryParse(symbol, out _);
}
