using BtcBandit.Engine.Pipeline;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard;

/// <summary>What a dashboard may do to a run, and what it asks about it besides its steps.</summary>
/// <param name="Pace">The pace.</param>
/// <param name="Save">Asks for a checkpoint.</param>
/// <param name="Quit">Ends the run; it is saved.</param>
/// <param name="Mode">What kind of run it is, now.</param>
/// <param name="Progress">How much is done after some steps of this session; absent where there is no end in sight.</param>
/// <param name="Warnings">What somebody should read, each line once.</param>
internal sealed record RunControls(
    PaceControl Pace,
    Action Save,
    Action Quit,
    Func<RunMode> Mode,
    Func<long, double?> Progress,
    Func<IEnumerable<string>> Warnings
)
{
    private static readonly TimeSpan slowest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan fastest = TimeSpan.FromMilliseconds(1);

    /// <summary>Does what a key asks for.</summary>
    public void Do(Command command)
    {
        switch (command)
        {
            case Command.TogglePause:
                Pace.Paused = !Pace.Paused;
                break;
            case Command.SingleStep:
                Pace.StepOnce();
                break;
            case Command.Faster:
                Pace.Delay = Pace.Delay / 2 < fastest ? TimeSpan.Zero : Pace.Delay / 2;
                break;
            case Command.Slower:
                Pace.Delay =
                    Pace.Delay < fastest ? fastest
                    : Pace.Delay * 2 > slowest ? slowest
                    : Pace.Delay * 2;
                break;
            case Command.Save:
                Save();
                break;
            case Command.Quit:
                Quit();
                break;
            default:
                break;
        }
    }
}
