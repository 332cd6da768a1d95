using System.CommandLine;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the commands whose candles are live, of files or synthetic.</summary>
internal sealed class CandleFlags
{
    private readonly Option<bool> offline = Flags.Switch("--offline", "Synthetic candles, no network");
    private readonly Option<string> world = Flags.Text(
        "--world",
        "NAME",
        $"Synthetic market: {SyntheticWorlds.Names}",
        new SyntheticOptions().World.Name()
    );
    private readonly SourceFlags source = new($"{SourceFlags.Paths} instead of live candles");
    private readonly LiveFlags live = new();

    /// <summary>Adds the flags, but those of live candles, and what all of them must satisfy together.</summary>
    public void AddTo(Command command)
    {
        command.Add(offline);
        command.Add(world);
        source.AddTo(command);
        Flags.Check(world, text => SyntheticWorlds.TryParse(text, out _), $"one of {SyntheticWorlds.Names} is needed");
        Flags.CheckPaths(source.Data);
        command.Validators.Add(result =>
        {
            var isOfFiles = IsOfFiles(result);
            if (isOfFiles && result.GetResult(world) is { Implicit: false })
                result.AddError("--world goes with --offline, not with --data");
            var isLive = !result.GetValue(offline) && !isOfFiles;
            if (isLive && result.GetResult(world) is { Implicit: false })
                result.AddError("--world goes with --offline");
            if (!isLive && live.Given(result) is { } host)
                result.AddError($"{host} goes with live candles, not with --offline or --data");
            if (result.GetValue(offline) && isOfFiles)
                result.AddError("--offline and --data exclude each other: one source is needed");
            else if (result.GetValue(offline) && Flags.Given(result, SourceFlags.OfFiles) is { } unused)
                result.AddError($"{unused} goes with --data, not with --offline");
        });
    }

    /// <summary>Adds the flags of live candles.</summary>
    public void AddLiveTo(Command command) => live.AddTo(command);

    /// <summary>Whether the candles come from files.</summary>
    public bool IsOfFiles(System.CommandLine.Parsing.CommandResult result) => result.GetResult(source.Data) is not null;

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="seed">Seed of a synthetic market.</param>
    /// <exception cref="UsageException">A flag of files without files, or a variable that holds no address.</exception>
    public CandleSource Read(ParseResult parsed, Func<string, string?> environment, long seed)
    {
        var files = source.Read(parsed);
        if (files.Paths.Count > 0)
            return new CandleSource.Files(files);
        if (!parsed.GetValue(offline) && Flags.Given(parsed.CommandResult, SourceFlags.OfFiles) is { } unused)
            throw new UsageException($"{unused} goes with --data");
        if (!parsed.GetValue(offline))
            return new CandleSource.Live(files.Pair, files.Timeframe, live.Read(parsed, environment));
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
