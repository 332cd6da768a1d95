using BtcBandit.Tui.Commands;

return await CommandLine.RunAsync(args, Surroundings.OfThisProcess()).ConfigureAwait(false);
