using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>Finds the candles of a saved run.</summary>
internal static class ExplainSource
{
    /// <summary>The candles of the run: those of its synthetic market, the files that were passed, or what was recorded of a live
    /// run.</summary>
    /// <param name="market">Source of the run.</param>
    /// <param name="options">The flags.</param>
    /// <exception cref="UsageException">The flags are not those of such a run.</exception>
    /// <exception cref="InputException">Nothing was recorded.</exception>
    public static CandleSource Of(MarketSource market, ExplainOptions options)
    {
        RequireSame("--symbol", options.Pair, market.Pair);
        RequireSame("--timeframe", options.Timeframe, market.Timeframe);
        if (options.Unused is { } unused && market is not MarketSource.Files)
            throw new UsageException($"{unused} goes with --data");
        return market.Match<CandleSource>(
            synthetic =>
                options.Files.Paths.Count > 0
                    ? throw new UsageException(
                        $"--data {options.Files.Paths[0]}: the run is on a synthetic market, whose candles are made again"
                    )
                    : Synthetic(synthetic),
            files => Files(files, options),
            live => options.Files.Paths.Count > 0 ? Passed(live, options) : Recorded(live, options.DataDir)
        );
    }

    private static CandleSource.Synthetic Synthetic(MarketSource.Synthetic market) =>
        new CandleSource.Synthetic(
            market.Pair,
            new SyntheticOptions
            {
                World = market.World,
                Seed = market.Seed,
                Timeframe = market.Timeframe,
            }
        );

    private static CandleSource.Files Files(MarketSource.Files market, ExplainOptions options)
    {
        if (options.Missing is { } missing && missing != market.Missing)
            throw new UsageException(
                $"--missing {MissingCandlesNames.Values.Of(missing)}: the run has {MissingCandlesNames.Values.Of(market.Missing)}"
            );
        return options.Files.Paths.Count > 0
            ? Passed(market, options, market.Missing)
            : throw new UsageException("--data: the run is on candle files; pass the same files");
    }

    private static CandleSource.Files Passed(
        MarketSource market,
        ExplainOptions options,
        MissingCandles missing = MissingCandles.None
    ) =>
        new CandleSource.Files(
            options.Files with
            {
                Pair = market.Pair,
                Timeframe = market.Timeframe,
                Missing = missing,
            }
        );

    private static CandleSource.Files Recorded(MarketSource.Live market, string dataDir)
    {
        var folder = MonthlyCandles.FolderOf(Path.Combine(dataDir, "candles"), market.Pair, market.Timeframe);
        return Directory.Exists(folder)
            ? new CandleSource.Files(new ArchiveOptions([folder], market.Pair, market.Timeframe))
            : throw new InputException(
                $"{folder} is missing: the candles of a live run are recorded there; pass them with --data"
            );
    }

    private static void RequireSame(string flag, object? passed, object saved)
    {
        if (passed is not null && !passed.Equals(saved))
            throw new UsageException($"{flag} {passed}: the run has {saved}");
    }
}
