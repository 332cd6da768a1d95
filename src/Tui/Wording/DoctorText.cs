using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Wording;

/// <summary>What <c>btcbandit doctor</c> finds, in words: one check for each thing that live training needs.</summary>
internal static class DoctorText
{
    private const string NotKnown = "not known: the exchange does not answer";
    private const string AnotherFolder = "choose another folder with --data-dir";

    // At 170 bytes a step this is more than a year of minutes.
    private const long LittleSpace = 100_000_000;

    // From this share of the weight on, the client waits for the next minute.
    private const double UsableWeight = 0.8;

    // The panes need this much to stand side by side.
    private const int WantedColumns = 80;
    private const int WantedRows = 24;

    private static readonly TimeSpan largeSkew = TimeSpan.FromSeconds(1);

    /// <summary>The program and what it runs on.</summary>
    public static Check Program(string version, string runtime, string system) =>
        new("program", CheckMark.Ok, $"btcbandit {version}, {runtime}, {system}");

    /// <summary>Whether the REST interface answers.</summary>
    public static Check Rest(ExchangeFindings found, Uri host) =>
        found.RestFault is { } fault
            ? new Check("rest", CheckMark.Fail, fault.Sentence, RestAdvice(fault))
            : new Check("rest", CheckMark.Ok, $"{host.Authority} answers in {Milliseconds(found.RestTime)}");

    /// <summary>Whether a stream opens.</summary>
    public static Check Stream(ExchangeFindings found, Uri host) =>
        found.StreamFault is { } reason
            ? new Check(
                "stream",
                CheckMark.Fail,
                $"{host.Authority} does not open a stream ({reason.ReplaceLineEndings(" ")})",
                "check the network, or name another host with --binance-stream"
            )
            : new Check("stream", CheckMark.Ok, $"{host.Authority} opens a stream in {Milliseconds(found.StreamTime)}");

    /// <summary>How far the clock is from the exchange's.</summary>
    public static Check Clock(ExchangeFindings found)
    {
        if (found.ClockSkew is not { } ahead)
            return new Check("clock", CheckMark.Note, NotKnown);
        var size =
            ahead.Duration() < TimeSpan.FromHours(1)
                ? Invariant($"{Math.Abs(ahead.TotalSeconds):0.00} s")
                : Invariant($"{Math.Abs(ahead.TotalHours):N1} h");
        var text = $"{size} {(ahead >= TimeSpan.Zero ? "behind" : "ahead of")} the exchange's";
        return ahead.Duration() <= largeSkew
            ? new Check("clock", CheckMark.Ok, text)
            : new Check(
                "clock",
                CheckMark.Note,
                text,
                "set this machine's clock; live candles go by that of the exchange"
            );
    }

    /// <summary>How many requests the exchange still allows this address.</summary>
    public static Check Weight(ExchangeFindings found, int limit)
    {
        if (found.UsedWeight is not { } used)
            return new Check("weight", CheckMark.Note, NotKnown);
        var text = Invariant($"{Math.Max(0, limit - used)} of {limit} left in this minute");
        return used < limit * UsableWeight
            ? new Check("weight", CheckMark.Ok, text)
            : new Check("weight", CheckMark.Note, text, "other programs at this address ask a lot; live candles wait");
    }

    /// <summary>Whether the exchange has the pair, and its limits on orders.</summary>
    public static Check Pair(ExchangeFindings found, TradingPair pair) =>
        found switch
        {
            { Filters: { IsTraded: false } halted } => new Check(
                "pair",
                CheckMark.Fail,
                $"{pair} is not traded now (status {halted.Status})",
                "wait, or name another pair with --symbol"
            ),
            { Filters: { } filters } => new Check(
                "pair",
                CheckMark.Ok,
                Invariant(
                    $"{pair}: tick {filters.TickSize:0.############}, lot {filters.LotSize:0.############}, orders from {filters.SmallestNotional:0.############} {pair.Quote} up to {filters.LargestQuantity:0.############} {pair.Base}"
                )
            ),
            { PairFault: FeedFault.ExchangeRefuses { Code: -1121 } unknown } => new Check(
                "pair",
                CheckMark.Fail,
                $"{pair}: {unknown}",
                "name another one with --symbol"
            ),
            { PairFault: FeedFault.ExchangeRefuses refused } => new Check(
                "pair",
                CheckMark.Fail,
                $"{pair}: {refused}",
                "name another pair with --symbol, or another host with --binance-rest"
            ),
            { PairFault: { } fault } => new Check("pair", CheckMark.Fail, $"{pair}: {fault}", "try again"),
            _ => new Check("pair", CheckMark.Note, NotKnown),
        };

    /// <summary>Whether a run can write its files.</summary>
    public static Check Folder(FolderFindings found)
    {
        if (found.Problem is { } problem)
            return new Check("data-dir", CheckMark.Fail, $"{found.Folder} cannot be written: {problem}", AnotherFolder);
        var text =
            found.Existing == found.Folder
                ? $"{found.Folder} can be written{Space(found)}"
                : $"{found.Folder} does not exist yet, and can be made in {found.Existing}{Space(found)}";
        return found.FreeBytes is < LittleSpace
            ? new Check("data-dir", CheckMark.Note, text, "a long run needs more: make room, or " + AnotherFolder)
            : new Check("data-dir", CheckMark.Ok, text);
    }

    /// <summary>Whether another process uses the folder.</summary>
    public static Check Lock(FolderFindings found) =>
        found.IsInUse
            ? new Check(
                "lock",
                CheckMark.Fail,
                $"{found.Folder} is in use by {(found.Owner is null ? "another process" : $"process {found.Owner}")}",
                "wait for it, or " + AnotherFolder
            )
            : new Check("lock", CheckMark.Ok, "no other process uses the folder");

    /// <summary>What the dashboard can show.</summary>
    public static Check Terminal(TerminalFacts found)
    {
        if (!found.IsTerminal)
            return new Check(
                "terminal",
                CheckMark.Note,
                "stdout is no terminal, or TERM does not name one",
                "the dashboard prints one plain line per step"
            );
        var text = Invariant($"{found.Columns} x {found.Rows}, {found.Colours}, {(found.IsUtf8 ? "UTF-8" : "ASCII")}");
        var advice = new List<string>();
        if (found.Columns < WantedColumns || found.Rows < WantedRows)
            advice.Add(Invariant($"the dashboard wants {WantedColumns} x {WantedRows}"));
        if (!found.HasColours)
            advice.Add("TERM and NO_COLOR decide about colours");
        if (!found.IsUtf8)
            advice.Add("a locale such as LANG=C.UTF-8 lets the dashboard draw lines and blocks");
        return advice.Count == 0
            ? new Check("terminal", CheckMark.Ok, text)
            : new Check("terminal", CheckMark.Note, text, string.Join("; ", advice));
    }

    private static string RestAdvice(FeedFault fault) =>
        fault switch
        {
            FeedFault.ExchangeSilence => "wait that long; all programs at this address count together",
            FeedFault.ExchangeRefuses => "name another host with --binance-rest",
            _ => "or name another host with --binance-rest; --offline and --data need none",
        };

    private static string Space(FolderFindings found) =>
        found.FreeBytes is { } bytes ? Invariant($", {bytes / 1e9:0.0} GB free") : "";

    private static string Milliseconds(TimeSpan? time) =>
        time is { } known ? Invariant($"{known.TotalMilliseconds:0} ms") : "time";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
