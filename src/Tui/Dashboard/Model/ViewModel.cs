using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Everything a screen shows.</summary>
/// <param name="Recall">The moment of the run's history looked at.</param>
/// <param name="Run">The run as a process.</param>
/// <param name="Log">The last lines of the log, oldest first.</param>
/// <param name="Ui">Where the user is.</param>
public sealed record ViewModel(Recall Recall, RunInfo Run, IReadOnlyList<LogLine> Log, UiState Ui)
{
    /// <summary>The step looked at.</summary>
    public Step Step => Recall.Step;

    /// <summary>Whether a step of the past is looked at.</summary>
    public bool IsPast => Recall.Step.Number != Recall.Newest.Number;

    /// <summary>Warnings that nobody has read.</summary>
    public IEnumerable<LogLine> Unread => Log.Where(line => line.IsWarning && line.Number > Ui.ReadUpTo);
}
