using System.CommandLine;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of commands that ask the exchange about a market.</summary>
internal sealed class MarketFlags
{
    private readonly Option<string> symbol = Flags.Text("--symbol", "PAIR", "Pair, as BTC/USDT or BTCUSDT", "BTC/USDT");
    private readonly Option<string> timeframe = Flags.Text(
        "--timeframe",
        "NAME",
        $"Candle length: {Timeframe.Names}",
        Timeframe.OneMinute.Name
    );

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public void AddTo(Command command)
    {
        command.Add(symbol);
        command.Add(timeframe);
        Flags.Check(symbol, text => TradingPair.TryParse(text, out _), "a pair such as BTC/USDT is needed");
        Flags.Check(timeframe, text => Timeframe.TryParse(text, out _), $"one of {Timeframe.Names} is needed");
    }

    /// <summary>Reads what passed the checks.</summary>
    public (TradingPair Pair, Timeframe Timeframe) Read(ParseResult parsed)
    {
        _ = TradingPair.TryParse(parsed.GetValue(symbol), out var pair);
        _ = Timeframe.TryParse(parsed.GetValue(timeframe), out var length);
        return (pair!, length);
    }
}
