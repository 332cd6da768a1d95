using System.CommandLine;
using System.CommandLine.Parsing;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of a warm-up, and of a run without an end.</summary>
internal sealed class WarmUpFlags
{
    // Six in a day, of which the last fifth is one.
    private static readonly TimeSpan LongestCandle = TimeSpan.FromHours(4);

    // A timer takes 49 days.
    private const double MaxHours = 1_176;

    private static readonly ValueNames<WarmUpGate> gates = new(
        (WarmUpGate.Replay, "replay"),
        (WarmUpGate.Holdout, "holdout")
    );

    private readonly Option<double?> hours = Flags.Number(
        "--warmup-hours",
        "H",
        "Replay the last 24 hours on a loop, for at most so many hours of wall clock, until a pass earns enough; then print the verdict, or run with --continuous",
        0,
        MaxHours,
        "0, no warm-up"
    );
    private readonly Option<double?> target = Flags.Number(
        "--warmup-profit-target",
        "PERCENT",
        "Net return that a pass of the warm-up has to exceed, with at least one round trip",
        -100,
        1_000_000,
        "0"
    );
    private readonly Option<string> gate = Flags.Text(
        "--gate",
        "NAME",
        "What a pass is judged by: replay, the whole day, or holdout, its last fifth, from which nothing was learned",
        gates.Of(WarmUpGate.Replay)
    );
    private readonly Option<bool> continuous = Flags.Switch(
        "--continuous",
        "Run until Ctrl-C, and wait for a network that is not there"
    );

    /// <summary>Adds the flags and what they must satisfy.</summary>
    public void AddTo(Command command)
    {
        command.Add(hours);
        command.Add(target);
        command.Add(gate);
        command.Add(continuous);
        Flags.Check(gate, text => gates.TryParse(text, out _), $"one of {string.Join(' ', gates.All)} is needed");
    }

    /// <summary>Returns what is wrong with the flags together; null if nothing is.</summary>
    /// <param name="result">The parsed flags.</param>
    /// <param name="isOfFiles">Whether the candles come from files.</param>
    /// <param name="hasSteps">Whether the number of steps is stated.</param>
    public string? Mistake(CommandResult result, bool isOfFiles, bool hasSteps)
    {
        string[] names = [hours.Name, target.Name, gate.Name, continuous.Name];
        if (isOfFiles && Flags.Given(result, names) is { } given)
            return $"{given} goes with live candles or --offline, not with --data";
        if (!HasTime(result) && Flags.Given(result, [target.Name, gate.Name]) is { } alone)
            return $"{alone} goes with --warmup-hours above 0";
        return hasSteps && result.GetValue(continuous) ? "--steps and --continuous exclude each other" : null;
    }

    /// <summary>Whether a warm-up is asked for.</summary>
    /// <param name="result">The parsed flags.</param>
    public bool IsAsked(CommandResult result) => HasTime(result);

    // A value that is no number is a mistake of its own, and told before this one.
    private bool HasTime(CommandResult result)
    {
        try
        {
            return result.GetValue(hours) is > 0;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Reads what a warm-up has to show; null without one.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <exception cref="UsageException">A day has too few candles.</exception>
    public WarmUpTerms? Read(ParseResult parsed, Timeframe timeframe)
    {
        if (parsed.GetValue(hours) is not { } time || time <= 0)
            return null;
        if (timeframe.Milliseconds > LongestCandle.TotalMilliseconds)
            throw new UsageException(
                $"{hours.Name} goes with candles of 4h or less: a day has too few of {timeframe.Name}"
            );
        _ = gates.TryParse(parsed.GetValue(gate), out var judged);
        return new WarmUpTerms
        {
            Time = TimeSpan.FromHours(time),
            MinimumReturn = (parsed.GetValue(target) ?? 0) / 100.0,
            Gate = judged,
        };
    }

    /// <summary>Whether the run goes on until it is stopped.</summary>
    public bool IsContinuous(ParseResult parsed) => parsed.GetValue(continuous);
}
