using System.Runtime.InteropServices;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Journal;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Checks what live training needs, and says what to do where something is wrong.</summary>
public static class DoctorCommand
{
    // Both interfaces are asked at the same time; a host that never answers is given up before the time is over.
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(8);
    private static readonly BinanceOptions patience = new()
    {
        AttemptTimeout = TimeSpan.FromSeconds(5),
        GiveUpAfter = TimeSpan.FromSeconds(5),
    };

    /// <summary>Checks, and prints one line for each check.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DoctorOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        var exchange = BinanceFeed.Connect(options.Pair, options.Timeframe, options.Hosts, patience, host.Clock);
        return await RunAsync(options, exchange, host, signals).ConfigureAwait(false);
    }

    /// <summary>Checks with an exchange of the caller's.</summary>
    internal static async Task<int> RunAsync(
        DoctorOptions options,
        IKlineExchange exchange,
        ConsoleHost host,
        StopSignals signals
    )
    {
        try
        {
            var probe = new ExchangeProbe(exchange, options.Hosts.Rest.Host, limit, host.Clock);
            var found = await probe.Ask(signals.Token).ConfigureAwait(false);
            return Conclude(found, options, host);
        }
        // A request that is broken off may end in an error of its own.
        catch (Exception) when (signals.ExitCode is { } code)
        {
            return code;
        }
    }

    private static int Conclude(ExchangeFindings found, DoctorOptions options, ConsoleHost host)
    {
        var program = Program();
        var folder = FolderFindings.Of(options.DataDir);
        var terminal = Terminal(host);
        Check[] checks =
        [
            DoctorText.Program(program.Version, program.Runtime, program.Platform),
            DoctorText.Rest(found, options.Hosts.Rest),
            DoctorText.Stream(found, options.Hosts.Stream),
            DoctorText.Clock(found),
            DoctorText.Weight(found, program.WeightLimit),
            DoctorText.Pair(found, options.Pair),
            DoctorText.Folder(folder),
            DoctorText.Lock(folder),
            DoctorText.Terminal(terminal),
        ];
        var report = DoctorReport.Of(options, program, found, folder, terminal, checks);
        host.Out.WriteLine(options.Json ? report.ToJson() : string.Join('\n', checks.Select(check => check.Line)));
        host.Out.Flush();
        return report.CanStart ? ExitCode.Done : ExitCode.Failed;
    }

    private static DoctorProgram Program() =>
        new(
            typeof(DoctorCommand).Assembly.GetName().Version?.ToString(3) ?? "of no known version",
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})",
            patience.WeightLimit
        );

    private static TerminalFacts Terminal(ConsoleHost host)
    {
        var shown = Capabilities.Of(host.Environment);
        var (columns, rows) = host.OutIsTerminal ? host.ScreenSize() : (0, 0);
        return new TerminalFacts(
            host.OutIsTerminal,
            columns,
            rows,
            shown.Colours switch
            {
                ColourDepth.True => "24-bit colours",
                ColourDepth.Indexed => "256 colours",
                ColourDepth.Named => "16 colours",
                _ => "no colours",
            },
            shown.Colours != ColourDepth.None,
            shown.Charset == Charset.Unicode
        );
    }
}
