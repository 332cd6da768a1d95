using System.CommandLine;
using System.CommandLine.Parsing;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of the commands whose candles are live, of files or synthetic.</summary>
internal sealed class CandleFlags
{
    private readonly RecordedFlags recorded = new(
        "Synthetic candles, no network",
        $"{SourceFlags.Paths} instead of live candles"
    );
    private readonly LiveFlags live = new();

    /// <summary>Adds the flags, but those of live candles, and what all of them must satisfy together.</summary>
    public void AddTo(Command command)
    {
        recorded.AddTo(command);
        command.Validators.Add(result =>
        {
            var isLive = !recorded.IsOffline(result) && !recorded.AreOfFiles(result);
            if (isLive && recorded.IsWorldGiven(result))
                result.AddError("--world goes with --offline");
            if (!isLive && live.Given(result) is { } host)
                result.AddError($"{host} goes with live candles, not with --offline or --data");
            if (recorded.Mistake(result) is { } mistake)
                result.AddError(mistake);
        });
    }

    /// <summary>Adds the flags of live candles.</summary>
    public void AddLiveTo(Command command) => live.AddTo(command);

    /// <summary>Whether the candles come from files.</summary>
    public bool IsOfFiles(CommandResult result) => recorded.AreOfFiles(result);

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="seed">Seed of a synthetic market.</param>
    /// <exception cref="UsageException">A flag of files without files, or a variable that holds no address.</exception>
    public CandleSource Read(ParseResult parsed, Func<string, string?> environment, long seed)
    {
        var files = recorded.Files(parsed);
        if (files.Paths.Count > 0)
            return new CandleSource.Files(files);
        if (recorded.IsOffline(parsed.CommandResult))
            return recorded.Synthetic(parsed, seed);
        return Flags.Given(parsed.CommandResult, SourceFlags.OfFiles) is { } unused
            ? throw new UsageException($"{unused} goes with --data")
            : new CandleSource.Live(files.Pair, files.Timeframe, live.Read(parsed, environment));
    }
}
