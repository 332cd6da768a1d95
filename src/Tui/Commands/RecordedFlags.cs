using System.CommandLine;
using System.CommandLine.Parsing;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of candles that are there already: those of files, and of a synthetic market.</summary>
/// <param name="offlineDescription">What <c>--offline</c> means to the command.</param>
/// <param name="dataDescription">What <c>--data</c> means to the command.</param>
internal sealed class RecordedFlags(string offlineDescription, string dataDescription)
{
    private readonly Option<bool> offline = Flags.Switch("--offline", offlineDescription);
    private readonly Option<string> world = Flags.Text(
        "--world",
        "NAME",
        $"Synthetic market: {SyntheticWorlds.Names}",
        new SyntheticOptions().World.Name()
    );
    private readonly SourceFlags source = new(dataDescription);

    /// <summary>Adds the flags and what each must satisfy.</summary>
    public void AddTo(Command command)
    {
        command.Add(offline);
        command.Add(world);
        source.AddTo(command);
        Flags.Check(world, text => SyntheticWorlds.TryParse(text, out _), $"one of {SyntheticWorlds.Names} is needed");
        Flags.CheckPaths(source.Data);
    }

    /// <summary>Whether the candles come from files.</summary>
    public bool AreOfFiles(CommandResult result) => result.GetResult(source.Data) is not null;

    /// <summary>Whether the market is synthetic.</summary>
    public bool IsOffline(CommandResult result) => result.GetValue(offline);

    /// <summary>Whether a synthetic market was named.</summary>
    public bool IsWorldGiven(CommandResult result) => result.GetResult(world) is { Implicit: false };

    /// <summary>The first thing that does not go together; null where all does.</summary>
    public string? Mistake(CommandResult result) =>
        AreOfFiles(result)
            ? IsOffline(result)
                ? "--offline and --data exclude each other: one source is needed"
                : IsWorldGiven(result)
                    ? "--world goes with --offline, not with --data"
                    : null
            : IsOffline(result) && Flags.Given(result, SourceFlags.OfFiles) is { } unused
                ? $"{unused} goes with --data, not with --offline"
                : null;

    /// <summary>Reads how files are read, whether there are any or not.</summary>
    public ArchiveOptions Files(ParseResult parsed) => source.Read(parsed);

    /// <summary>Reads the synthetic market.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="seed">Seed of the market.</param>
    public CandleSource.Synthetic Synthetic(ParseResult parsed, long seed)
    {
        var files = source.Read(parsed);
        _ = SyntheticWorlds.TryParse(parsed.GetValue(world), out var market);
        return new CandleSource.Synthetic(
            files.Pair,
            new SyntheticOptions
            {
                World = market,
                Seed = seed,
                Timeframe = files.Timeframe,
            }
        );
    }
}
