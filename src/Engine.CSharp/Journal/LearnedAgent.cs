using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>What an agent has learned, from the file of a run or of a retraining. The file is only read.</summary>
/// <param name="File">The file.</param>
/// <param name="Header">Source, parameters, and names of columns and features with which it was learned.</param>
/// <param name="NewestCandle">Open time of the newest candle that the agent has seen, ms UTC.</param>
/// <param name="State">State of the agent.</param>
internal sealed record LearnedAgent(string File, RunHeader Header, long NewestCandle, AgentState State)
{
    /// <summary>The files in which an agent can be, for messages.</summary>
    public const string Files = $"{RunFolder.StateName} or {RunFolder.LearnedName}";

    /// <summary>Whether it is the agent of a run, whose state the file is; otherwise a retraining has saved it without one.</summary>
    public bool IsOfRun { get; private init; }

    /// <summary>Reads a file, or that of a folder: its <c>state.json</c>, or its <c>learned.json</c> if that is all there is.</summary>
    /// <param name="path">A <c>state.json</c> or <c>learned.json</c> under any name, or a folder.</param>
    /// <returns>The agent; null if there is no such file.</returns>
    /// <exception cref="JournalException">The file is unreadable, or not one of this program.</exception>
    public static LearnedAgent? Read(string path)
    {
        var file = Directory.Exists(path) ? InFolder(path) : path;
        // Reading a pipe would wait for its other end.
        if (System.IO.File.Exists(file) && !RegularFile.Is(file))
            throw new JournalException(new JournalFault.PipeInPlaceOfFile(file));
        return IsOfRetraining(file) ? OfRetraining(file)
            : StateFile.Read(file)?.Run is { } run ? OfRun(file, run)
            : null;
    }

    /// <summary>Returns the agent of a run.</summary>
    /// <param name="file">The state file.</param>
    /// <param name="run">The run in it.</param>
    public static LearnedAgent OfRun(string file, RunState run) =>
        new(file, run.Header, run.LastCandle.OpenTime, run.Agent) { IsOfRun = true };

    /// <summary>Reads what a retraining has saved without a run; null if there is no such file.</summary>
    /// <exception cref="JournalException">The file is unreadable, or not one of this program.</exception>
    public static LearnedAgent? OfRetraining(string file) =>
        LearnedFile.Read(file) is { } learned
            ? new LearnedAgent(file, learned.Header, learned.NewestCandle, learned.Agent)
            : null;

    /// <summary>Markets that the agent has learned on, those before the run in the file included.</summary>
    public IReadOnlyList<KnownMarket> Known => KnownMarket.With(Header.Known, Header.Source, NewestCandle);

    /// <summary>Open time of the newest candle of a market that the agent has learned from, ms UTC; null if it has not learned on
    /// it.</summary>
    public long? LearnedThrough(MarketSource market) => KnownMarket.NewestOf(Known, market);

    private static string InFolder(string folder) =>
        Path.Combine(folder, RunFolder.StateName) is var run && Path.Exists(run)
            ? run
            : Path.Combine(folder, RunFolder.LearnedName);

    // Users rename files, so the content decides. The reader of states reports what is neither.
    private static bool IsOfRetraining(string file)
    {
        try
        {
            if (!System.IO.File.Exists(file))
                return false;
            using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && !root.TryGetProperty("run", out _)
                && root.TryGetProperty("newest_candle", out _);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
