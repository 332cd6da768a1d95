using System.Text;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Terminal;

/// <summary>
/// The alternate screen of a terminal. One thread draws on it. It is closed by whatever comes first: the end of the
/// dashboard, the end of the process or an uncaught error.
/// </summary>
/// <remarks>
/// Stands in for the start and shutdown of Terminal.Gui (decision 0001), which also restores the terminal; goes with the
/// presenter. Must then still hold: <c>tests/dashboard.sh signals crash stopped</c>.
/// </remarks>
internal sealed class TerminalScreen : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    private readonly Action<string> write;
    private readonly Presenter presenter;
    private readonly SemaphoreSlim writing = new(1);
    private readonly UnhandledExceptionEventHandler whenLost;
    private readonly EventHandler whenOver;
    private bool isOpen;
    private volatile bool isClosed;
    private volatile bool isUnknown;

    public TerminalScreen(Action<string> write, Palette palette)
    {
        this.write = write;
        presenter = new Presenter(palette);
        whenLost = (_, _) => Close();
        whenOver = (_, _) => Close();
        AppDomain.CurrentDomain.UnhandledException += whenLost;
        AppDomain.CurrentDomain.ProcessExit += whenOver;
    }

    /// <summary>A writer to a stream that writes each text with one call.</summary>
    public static Action<string> To(Stream stream) =>
        text =>
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush();
        };

    /// <summary>Draws the next frame whole, because the terminal may no longer show the last one.</summary>
    public void Forget() => isUnknown = true;

    /// <summary>Shows a frame. Waits while the terminal accepts no output.</summary>
    public void Show(Frame frame)
    {
        writing.Wait();
        try
        {
            if (isClosed)
                return;
            if (isUnknown)
            {
                isUnknown = false;
                presenter.Invalidate();
            }

            var update = presenter.Update(frame);
            if (update.Length == 0)
                return;
            var opening = isOpen ? "" : Presenter.Open;
            isOpen = true;
            write(opening + update);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Restores the terminal. Waits at most a second for a terminal that accepts no output.</summary>
    public void Close()
    {
        if (!writing.Wait(patience))
            return;
        try
        {
            if (isOpen && !isClosed)
                write(Presenter.Close);
        }
        catch (IOException)
        {
            // The terminal has hung up: there is nothing to restore.
        }
        finally
        {
            isClosed = true;
            writing.Release();
        }
    }

    public void Dispose()
    {
        Close();
        AppDomain.CurrentDomain.UnhandledException -= whenLost;
        AppDomain.CurrentDomain.ProcessExit -= whenOver;
        // The semaphore is not disposed: a writer that is stuck in it may still come back.
    }
}
