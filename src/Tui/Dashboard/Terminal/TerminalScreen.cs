using System.Text;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Terminal;

/// <summary>
/// The alternate screen of a terminal. It is drawn on by one thread, and closed by whichever comes first: the end of the
/// dashboard, of the process, or an error that nobody caught.
/// </summary>
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

    /// <summary>Writes to a stream, each text with one call.</summary>
    public static Action<string> To(Stream stream) =>
        text =>
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush();
        };

    /// <summary>Draws the next frame whole: the terminal may show something else than we think.</summary>
    public void Forget() => isUnknown = true;

    /// <summary>Shows a frame; waits while the terminal takes nothing.</summary>
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

    /// <summary>Gives the terminal back; a terminal that takes nothing is not waited for long.</summary>
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
            // It has hung up: there is nothing left to restore.
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
        // The semaphore stays: a writer that is stuck in it may still come back.
    }
}
