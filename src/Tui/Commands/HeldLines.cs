using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Commands;

/// <summary>Lines for stderr that wait while a screen is drawn on; the screen shows them meanwhile.</summary>
internal sealed class HeldLines(Surroundings surroundings, bool isHeld) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<string> held = [];
    private bool isReleased = !isHeld;

    /// <summary>What a screen shows.</summary>
    public RunLog Log { get; } = new();

    /// <summary>Tells a line, now or later.</summary>
    public void Tell(string line)
    {
        lock (gate)
        {
            Log.Add(line, isWarning: true);
            if (isReleased)
                surroundings.Tell(line);
            else
                held.Add(line);
        }
    }

    /// <summary>Tells all lines that were held.</summary>
    public void Release()
    {
        lock (gate)
        {
            isReleased = true;
            foreach (var line in held)
                surroundings.Tell(line);
            held.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Release();
}
