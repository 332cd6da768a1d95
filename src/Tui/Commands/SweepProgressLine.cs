using BtcBandit.Sweep.Distribution;
using BtcBandit.Sweep.Execution;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Shows how far a sweep is on stderr, at most once a second: a bar on a terminal, plain lines elsewhere.</summary>
/// <param name="host">The console and the clock.</param>
internal sealed class SweepProgressLine(ConsoleHost host) : IDisposable
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    private long? shownAt;
    private bool isShown;

    /// <summary>Shows how far it is, unless it was shown a moment ago.</summary>
    public void Show(SweepProgress progress) => Show(() => SweepText.Progress(progress));

    /// <summary>Shows how far workers are, unless it was shown a moment ago.</summary>
    public void Show(ClusterProgress progress) => Show(() => SweepText.Progress(progress));

    private void Show(Func<string> text)
    {
        if (shownAt is { } before && host.Clock.GetElapsedTime(before) < interval)
            return;
        shownAt = host.Clock.GetTimestamp();
        var line = text();
        if (!host.ErrorIsTerminal)
        {
            host.Log(line);
            return;
        }
        ProgressLine.Show(host, line);
        isShown = true;
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        if (isShown)
            ProgressLine.Show(host, "");
        isShown = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
