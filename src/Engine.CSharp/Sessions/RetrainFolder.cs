using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>The data folder of a retraining, locked from the first look to <see cref="Dispose"/>.</summary>
/// <remarks>Only <see cref="Save"/> writes: it replaces one file atomically, so after a crash at any moment there is the complete
/// old or the complete new file.</remarks>
public sealed class RetrainFolder : IDisposable
{
    private readonly RunFolder folder;
    private readonly RunPlan plan;
    private readonly StateDocument? saved;
    private readonly LearnedDocument? before;

    /// <summary>Locks the folder, which is created if needed, and reads its run.</summary>
    /// <param name="plan">The run whose agent is to be trained.</param>
    /// <param name="dataDir">The folder.</param>
    /// <exception cref="JournalException">The folder cannot be used, or another process uses it.</exception>
    /// <exception cref="SessionException">The run in the folder has no use for what the plan's agent learns.</exception>
    public RetrainFolder(RunPlan plan, string dataDir)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        folder = RunFolder.Open(dataDir);
        try
        {
            folder.RequireFiles();
            saved = StateFile.Read(folder.StatePath);
            if (saved is null)
                before = Previous(folder.LearnedPath);
            else if (LearningFit.FirstDifference(saved.Run.Header, plan.Header) is { } difference)
                throw new SessionException(new SessionFault.OtherLearner(folder.StatePath, difference));
            else
                TradesFile.Require(folder.TradesPath, saved.TradesBytes, saved.Run);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a run in the folder.</summary>
    public bool HasRun => saved is not null;

    /// <summary>Limits on orders of the run in the folder; null without one.</summary>
    public ExchangeRules? Rules => saved?.Run.Header.Parameters.Rules;

    /// <summary>The file that <see cref="Save"/> replaces: <c>state.json</c> of the run, <c>learned.json</c> without one.</summary>
    public string File => HasRun ? folder.StatePath : folder.LearnedPath;

    /// <summary>Open time of the newest candle that the run in the folder has taken, ms UTC: it has yet to trade those after it, and
    /// what an agent learned from them would make that trading in-sample. Null without a run, and if the plan's candles are of
    /// another market.</summary>
    public long? NewestCandle =>
        saved?.Run is { } run && run.Header.Source.IsSameMarket(plan.Header.Source) ? run.LastCandle.OpenTime : null;

    /// <summary>Checks that candles are of the market of the run in the folder, if its newest candle is the last of them.</summary>
    /// <param name="candles">Candles in order of time.</param>
    /// <exception cref="SessionException">They are of another market.</exception>
    public void RequireSameMarket(IReadOnlyList<Candle> candles)
    {
        ArgumentNullException.ThrowIfNull(candles);
        if (saved?.Run is not { } run || candles.Count == 0 || candles[^1].OpenTime != run.LastCandle.OpenTime)
            return;
        var newest = candles[^1];
        if (!PlausibleMove.Restates(run, in newest))
            throw new SessionException(
                new SessionFault.OtherCandles(newest.OpenTime, newest.Close, run.LastCandle.Close, folder.Location)
            );
    }

    /// <summary>Saves what was learned. In a run nothing else is replaced: portfolio, statistics, indicators and journal stay as
    /// they are. A file that would not change is not written, so that its backup stays the one from before.</summary>
    /// <param name="learned">State of the agent.</param>
    /// <param name="newestCandle">Open time of the newest candle that it has seen, ms UTC.</param>
    /// <param name="trials">Number of cycles out of which it was chosen.</param>
    /// <returns>Whether the file was written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The agent has seen candles that the run has yet to trade.</exception>
    /// <exception cref="JournalException">The file cannot be written, and is as it was.</exception>
    public bool Save(AgentState learned, long newestCandle, int trials)
    {
        ArgumentNullException.ThrowIfNull(learned);
        if (NewestCandle is { } newest)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(newestCandle, newest);
        try
        {
            if (saved is not null)
            {
                if (IsSame(saved.Run.Agent, learned))
                    return false;
                var run = saved.Run;
                var header = run.Header with
                {
                    TrialsBefore = Math.Min(run.Header.TrialsBefore + trials, 1_000_000_000),
                };
                StateFile.Write(folder.StatePath, saved with { Run = run with { Header = header, Agent = learned } });
                return true;
            }
            var document = new LearnedDocument(
                LearnedFile.Schema,
                plan.Header with
                {
                    TrialsBefore = trials,
                },
                newestCandle,
                learned
            );
            if (before is not null && before with { Agent = learned } == document && IsSame(before.Agent, learned))
                return false;
            LearnedFile.Write(folder.LearnedPath, document);
            return true;
        }
        catch (Exception error) when (DiskErrors.Includes(error) || error is JsonException)
        {
            throw new JournalException(
                new JournalFault.FolderUnwritable(folder.Location, StateFile.FirstLine(DiskErrors.Reason(error))),
                error
            );
        }
    }

    /// <summary>Unlocks the folder.</summary>
    public void Dispose() => folder.Dispose();

    // A damaged file is replaced, and stays as its backup.
    private static LearnedDocument? Previous(string path)
    {
        LearnedFile.Require(path);
        try
        {
            return LearnedFile.Read(path);
        }
        catch (JournalException error) when (error.Fault is JournalFault.LearningUnusable)
        {
            return null;
        }
    }

    private static bool IsSame(AgentState one, AgentState other) =>
        one.Kind == other.Kind && JsonElement.DeepEquals(one.State, other.State);
}
