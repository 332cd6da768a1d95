using BtcBandit.Tui.Commands;
using BtcBandit.Tui.Host;

var host = ConsoleHost.OfThisProcess(StandardOutput.Open);
try
{
    return await CommandLine.RunAsync(args, host).ConfigureAwait(false);
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    // Standard output is full or closed. What was saved is saved.
    host.Log($"btcbandit: the output cannot be written: {error.Message}");
    return ExitCode.Failed;
}
