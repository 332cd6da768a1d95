namespace BtcBandit.Tui.Commands;

/// <summary>What the program tells its caller.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed; one line on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage; one line on stderr names the flag and what is accepted.</summary>
    public const int WrongUsage = 2;
}
