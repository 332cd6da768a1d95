namespace BtcBandit.Engine.Storage;

/// <summary>Tells errors of a disk from errors of the program.</summary>
internal static class DiskErrors
{
    /// <summary>Whether a file or folder could not be read or written.</summary>
    /// <remarks>.NET reports a file-size limit as ArgumentOutOfRangeException("value").</remarks>
    public static bool Includes(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>What happened, in the words of the system.</summary>
    public static string Reason(Exception error) =>
        error is ArgumentOutOfRangeException ? "a file may not grow further" : error.Message;
}
