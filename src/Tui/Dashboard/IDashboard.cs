using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Dashboard;

/// <summary>A dashboard that shows a run.</summary>
internal interface IDashboard : IDisposable
{
    /// <summary>Ends when the dashboard has shown the end of the run, after <see cref="Close"/>, or has failed.</summary>
    Task Seen { get; }

    /// <summary>Ends when nobody looks at the dashboard: at once where there is no screen, else when the user leaves.</summary>
    Task Left { get; }

    /// <summary>Whether the terminal took nothing when the dashboard was closed.</summary>
    bool IsStuck { get; }

    /// <summary>Takes a candle that comes before the next run's first step, on the run's thread.</summary>
    void Announce(Observation observation);

    /// <summary>Says how the run has ended, while the dashboard stays.</summary>
    void Conclude(string line);

    /// <summary>Begins to close the dashboard: the next frame is the last.</summary>
    void Close();
}
