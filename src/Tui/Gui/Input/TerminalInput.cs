using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>The library's reader of the terminal, which tells the loop at once when something has come.</summary>
/// <remarks>Part of what <see cref="LoopPace"/> replaces; delete it together with that.</remarks>
internal sealed class TerminalInput(Action arrived) : AnsiInput, IInput<char>
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(20);

    private ConcurrentQueue<char> read = new();

    /// <summary>Has an application read the terminal this way. Call it before its <c>Init</c>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="arrived">Called from another thread when something has come.</param>
    /// <returns>The reader that it uses from then on.</returns>
    public static TerminalInput Use(IApplication app, Action arrived)
    {
        var input = new TerminalInput(arrived);
        FactoryOf(app) = new AnsiComponentFactory(input);
        return input;
    }

    /// <inheritdoc/>
    void IInput<char>.Initialize(ConcurrentQueue<char> inputQueue) => read = inputQueue;

    /// <inheritdoc/>
    void IInput<char>.Run(CancellationToken runCancellationToken)
    {
        do
        {
            while (!runCancellationToken.IsCancellationRequested && Peek() && Take())
                arrived();
        } while (!runCancellationToken.WaitHandle.WaitOne(pause));
    }

    // A terminal that is gone seems to have input, and gives none.
    private bool Take()
    {
        var isAny = false;
        foreach (var character in Read())
        {
            read.Enqueue(character);
            isAny = true;
        }

        return isAny;
    }

    // The library takes a factory in its own tests only.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_componentFactory")]
    private static extern ref IComponentFactory? FactoryOf(
        [UnsafeAccessorType("Terminal.Gui.App.ApplicationImpl, Terminal.Gui")] object app
    );
}
