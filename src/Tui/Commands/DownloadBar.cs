using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Shows the progress of a download on stderr: a bar on a terminal, else one plain line per month.</summary>
/// <param name="host">The console.</param>
internal sealed class DownloadBar(ConsoleHost host)
{
    // Nobody reads faster.
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(100);

    private readonly long startedAt = host.Clock.GetTimestamp();
    private long? drawnAt;

    /// <summary>Shows how far it is.</summary>
    public void Show(DownloadProgress progress)
    {
        if (host.ErrorIsTerminal)
            Draw(progress);
        else if (progress.Finished is { } result)
            host.Log(DownloadText.Month(progress, result));
    }

    /// <summary>Tells why it waits.</summary>
    public void Show(ExchangeNotice notice)
    {
        if (DownloadText.Wait(notice) is not { } line)
            return;
        Clear();
        host.Log(line);
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        if (drawnAt is not null)
            ProgressLine.Show(host, "");
        drawnAt = null;
    }

    private void Draw(DownloadProgress progress)
    {
        if (drawnAt is { } before && host.Clock.GetElapsedTime(before) < interval && progress.Finished is null)
            return;
        drawnAt = host.Clock.GetTimestamp();
        ProgressLine.Show(host, DownloadText.Bar(progress, host.Clock.GetElapsedTime(startedAt)));
    }
}
