using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Holds back lines for stderr while the dashboard is on the screen; its log shows them meanwhile.</summary>
/// <param name="host">Where the lines go.</param>
internal sealed class DeferredLog(ConsoleHost host) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<string> held = [];
    private bool isReleased = true;

    /// <summary>The log that the dashboard shows.</summary>
    public RunLog Log { get; } = new();

    /// <summary>Logs a line, now or when the lines are released.</summary>
    public void Write(string line) => Write(new RunNote.Remark(line), line);

    /// <summary>Logs a note of the session, now or when the lines are released.</summary>
    public void Write(SessionNote note) => Write(new RunNote.FromSession(note), FaultText.Of(note));

    private void Write(RunNote note, string line)
    {
        lock (gate)
        {
            Log.Add(note);
            if (isReleased)
                host.Log(line);
            else
                held.Add(line);
        }
    }

    /// <summary>Holds back the lines that come from now on.</summary>
    public void Hold()
    {
        lock (gate)
            isReleased = false;
    }

    /// <summary>Writes all lines that were held back; later ones are written at once.</summary>
    public void Release()
    {
        lock (gate)
        {
            isReleased = true;
            foreach (var line in held)
                host.Log(line);
            held.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();
}
