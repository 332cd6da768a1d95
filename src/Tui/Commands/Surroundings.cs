namespace BtcBandit.Tui.Commands;

/// <summary>What a command touches outside itself; tests bring their own.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Logs and progress.</param>
/// <param name="OutIsTerminal">Whether <paramref name="Out"/> is a screen that can be drawn on.</param>
/// <param name="ErrorIsTerminal">Whether <paramref name="Error"/> is one.</param>
/// <param name="Clock">Measures durations.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="ScreenSize">Columns and rows of the screen now.</param>
public sealed record Surroundings(
    TextWriter Out,
    TextWriter Error,
    bool OutIsTerminal,
    bool ErrorIsTerminal,
    TimeProvider Clock,
    Func<string, string?> Environment,
    Func<(int Columns, int Rows)> ScreenSize
)
{
    /// <summary>Opens the bytes of stdout, for results too long to be made of strings.</summary>
    public Func<Stream> OpenOut { get; init; } = StandardOutput.Open;

    /// <summary>Opens the bytes of stderr, for whole frames at once; null where there is a writer only.</summary>
    public Func<Stream>? OpenError { get; init; }

    /// <summary>Logs one line; a log that cannot be written stops nothing.</summary>
    public void Tell(string line)
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

    /// <summary>The real ones.</summary>
    public static Surroundings OfThisProcess() =>
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
            OpenError = Console.OpenStandardError,
        };

    // A terminal without a name, or called dumb, takes no positions and no alternate screen.
    private static bool CanDraw() =>
        OperatingSystem.IsWindows() || System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
