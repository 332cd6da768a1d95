namespace BtcBandit.Tui.Host;

/// <summary>What the program touches outside itself; tests bring their own.</summary>
/// <param name="Out">Takes results.</param>
/// <param name="Error">Takes logs and progress.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a terminal that can be drawn on.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is a terminal that can be drawn on.</param>
/// <param name="Clock">Measures durations.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="ScreenSize">Reads the columns and rows that the terminal has now.</param>
public sealed record ConsoleHost(
    TextWriter Out,
    TextWriter Error,
    bool OutIsTerminal,
    bool ErrorIsTerminal,
    TimeProvider Clock,
    Func<string, string?> Environment,
    Func<(int Columns, int Rows)> ScreenSize
)
{
    /// <summary>Opens stdout for bytes, for results that are too long for strings.</summary>
    public Func<Stream> OpenOut { get; init; } = Console.OpenStandardOutput;

    /// <summary>Opens stderr for bytes, for whole frames at once; null where there is only a writer.</summary>
    public Func<Stream>? OpenError { get; init; }

    /// <summary>Logs one line. An error while writing it is ignored.</summary>
    public void Log(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is nowhere left to say so.
        }
    }

    /// <summary>The console, clock and environment of this process.</summary>
    /// <param name="openOut">Opens stdout for bytes.</param>
    public static ConsoleHost OfThisProcess(Func<Stream> openOut) =>
        new(
            Console.Out,
            Console.Error,
            !Console.IsOutputRedirected && CanDraw(),
            !Console.IsErrorRedirected && CanDraw(),
            TimeProvider.System,
            System.Environment.GetEnvironmentVariable,
            static () => (Console.WindowWidth, Console.WindowHeight)
        )
        {
            OpenOut = openOut,
            OpenError = Console.OpenStandardError,
        };

    // A terminal without a name, or called dumb, takes no positions and no alternate screen.
    private static bool CanDraw() =>
        OperatingSystem.IsWindows() || System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
