namespace BtcBandit.Tui.Commands;

/// <summary>Exit codes of the program.</summary>
public static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Done = 0;

    /// <summary>The command failed; one line on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The usage was wrong; one line on stderr names the flag and what is accepted.</summary>
    public const int WrongUsage = 2;

    /// <summary>A warm-up or a retraining was not passed; one line says by what.</summary>
    public const int GateNotPassed = 3;

    /// <summary>Ctrl-C ended the command.</summary>
    public const int Interrupted = 130;
}
