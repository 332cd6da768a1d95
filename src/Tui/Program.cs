using BtcBandit.Tui.Commands;

var surroundings = Surroundings.OfThisProcess();
try
{
    return await CommandLine.RunAsync(args, surroundings).ConfigureAwait(false);
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException)
{
    // Standard output is full, closed or gone: what was saved is saved.
    surroundings.Tell($"btcbandit: the output cannot be written: {error.Message}");
    return ExitCode.Failed;
}
