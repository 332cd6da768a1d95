using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Everything that one frame shows.</summary>
/// <param name="Recall">The moment of the run's history that the user looks at.</param>
/// <param name="Run">How the run is doing as a process.</param>
/// <param name="Log">The last lines of the log, oldest first.</param>
/// <param name="Ui">Which page the user is on and what is switched on.</param>
public sealed record ViewModel(Recall Recall, RunInfo Run, IReadOnlyList<LogLine> Log, UiState Ui)
{
    /// <summary>How the agent's experts stood up to the moment, oldest first; empty for an agent without experts. Those of the moment itself may be in
    /// <see cref="Recall.Experts"/> only.</summary>
    public IReadOnlyList<ExpertSample> Experts { get; init; } = [];

    /// <summary>How the run has ended; null while it runs.</summary>
    public string? End { get; init; }

    /// <summary>What the last command came to, for the footer; null where that shows by itself.</summary>
    public string? Notice { get; init; }

    /// <summary>The step that the user looks at.</summary>
    public Step Step => Recall.Step;

    /// <summary>Whether the user looks at a step of the past.</summary>
    public bool IsPast => Recall.Step.Number != Recall.Newest.Number;

    /// <summary>The lines of the log up to the moment that the user looks at, oldest first.</summary>
    public IReadOnlyList<LogLine> LogAtMoment
    {
        get
        {
            if (!IsPast)
                return Log;
            // Backwards from the newest line. Where times rise again, an earlier pass of a warm-up has ended. A line without a candle
            // of its own is as old as the one before it.
            var (end, later) = (Log.Count, long.MaxValue);
            for (var i = Log.Count - 1; i >= 0; i--)
            {
                if (Log[i].Note.CandleTime is not { } time)
                    continue;
                if (time <= Step.Candle.OpenTime || time > later)
                    break;
                (end, later) = (i, time);
            }

            return [.. Log.Take(end)];
        }
    }

    /// <summary>Warnings that the user has not marked as read.</summary>
    public IEnumerable<LogLine> Unread => Log.Where(line => line.IsWarning && line.Number > Ui.ReadUpTo);
}
