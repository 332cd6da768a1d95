using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Execution;
using BtcBandit.Sweep.Nats;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Makes the runs of a sweep that have no result yet, or says what is to be done.</summary>
public static class SweepCommand
{
    internal const string Name = "btcbandit sweep";
    private const int MostFailures = 3;
    private const int MostOfSpec = 4_000_000;

    /// <summary>Makes the sweep and prints what came of it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SweepOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <summary>Makes the sweep until signals of the caller's stop it.</summary>
    internal static async Task<int> RunAsync(SweepOptions options, ConsoleHost host, StopSignals signals)
    {
        try
        {
            var plan = Plan(options, host, signals.Token);
            return options.PlanOnly ? Tell(plan, options, host, signals.Token)
                : options.Cluster is null ? Make(plan, options, host, signals)
                : await new ClusterSweep(plan, options, host).RunAsync(signals).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            return code;
        }
        catch (OutOfMemoryException)
        {
            host.Log($"{Name}: there is not enough memory: fewer --threads, or files of fewer years, take less");
            return ExitCode.Failed;
        }
        catch (SpecFileException error)
        {
            host.Log($"{Name}: {error.Message}");
            return ExitCode.WrongUsage;
        }
        catch (FeedException error)
        {
            host.Log($"{Name}: {FeedFaultText.Of(error.Fault)}");
            return ExitCode.Failed;
        }
        catch (Exception error)
            when (error is SweepException or InvalidDataException or NatsFaultException || DiskErrors.Includes(error))
        {
            host.Log($"{Name}: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Path of the file with the results.</summary>
    internal static string StoreOf(SweepOptions options) =>
        options.Out ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Spec))!, "sweep.db");

    /// <summary>Reads a spec and the candles that it names.</summary>
    /// <exception cref="SpecFileException">The spec cannot be used, or the results would go into it or into its candles.</exception>
    internal static SweepPlan Plan(SweepOptions options, ConsoleHost host, CancellationToken stop)
    {
        var settings = new SweepSettings();
        var path = StoreOf(options);
        SweepSpec spec;
        try
        {
            if (SweepStore.IsPartOf(path, options.Spec))
                throw new SpecFileException($"{path}: the spec itself, which is only read");
            var folder = Path.GetDirectoryName(Path.GetFullPath(options.Spec))!;
            spec = SpecReader.Read(TextOf(options.Spec), folder, settings.Names);
            foreach (var setting in spec.Settings())
                settings.Read(setting);
        }
        catch (SweepException error)
        {
            throw new SpecFileException($"{options.Spec}: {error.Message}", error);
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw new SweepException($"{options.Spec} cannot be read: {error.Message.ReplaceLineEndings(" ")}");
        }
        if (spec.Data.SelectMany(set => ArchiveFiles.FindAll(set.Paths)).Any(file => SweepStore.IsPartOf(path, file)))
            throw new SpecFileException($"{path}: a candle file of the spec, which is only read");
        if (spec.Halving is not null && options.Shard.Count > 1)
        {
            throw new SpecFileException(
                $"{options.Spec}: halving cannot be made in parts: each rung needs the results of all runs of the one before"
            );
        }
        try
        {
            return SweepPlan.Make(spec, settings.Read, RunCode.Hash, market => Tell(market, spec, host), stop);
        }
        catch (SweepException error)
        {
            throw new SpecFileException($"{options.Spec}: {error.Message}", error);
        }
    }

    // A file that never ends, such as a device, is no spec.
    private static string TextOf(string path)
    {
        using var reader = new StreamReader(path);
        var text = new char[MostOfSpec + 1];
        var length = reader.ReadBlock(text);
        return length <= MostOfSpec
            ? new string(text, 0, length)
            : throw new SweepException($"a spec has at most {MostOfSpec / 1_000_000} million characters");
    }

    // Files are the same for every length of a candle.
    private static void Tell(MarketData market, SweepSpec spec, ConsoleHost host)
    {
        if (spec.Data.Count == 0 || market.Market.Source.Market.Timeframe != spec.Timeframes[0])
            return;
        foreach (var line in market.Report.Lines())
            host.Log($"{market.Market.Label}: {line}");
    }

    private static int Tell(SweepPlan plan, SweepOptions options, ConsoleHost host, CancellationToken stop)
    {
        var path = StoreOf(options);
        using var store = File.Exists(path) ? SweepStore.OpenToRead(path) : null;
        var estimate = SweepEstimate.Of(
            plan,
            options.Shard,
            store?.Finished() ?? new HashSet<string>(),
            host.Clock,
            stop
        );
        var threads = options.Threads ?? Environment.ProcessorCount;
        host.Out.WriteLine(
            options.Json
                ? SweepText.PlanJson(plan, estimate, path, threads)
                : SweepText.Plan(plan, estimate, path, threads)
        );
        host.Out.Flush();
        return ExitCode.Done;
    }

    private static int Make(SweepPlan plan, SweepOptions options, ConsoleHost host, StopSignals signals)
    {
        var path = StoreOf(options);
        using var store = SweepStore.Open(path, isShared: options.Shard.Count > 1);
        using var progress = new SweepProgressLine(host);
        var end = new SweepRun(plan, store, host.Clock)
        {
            Threads = options.Threads ?? Environment.ProcessorCount,
            Shard = options.Shard,
            OnProgress = progress.Show,
        }.Run(signals.Token);
        progress.Clear();
        foreach (var key in end.Differing.Take(10))
            host.Log($"{Name}: {path}: run {key[..16]} has another result than before; the first one was kept");
        host.Out.WriteLine(SweepText.End(end, path, options.Json));
        host.Out.Flush();
        return HaveAllFailed(store, plan, host) || end.Differing.Count > 0 ? ExitCode.Failed
            : end.IsWhole ? ExitCode.Done
            : signals.ExitCode ?? ExitCode.Failed;
    }

    /// <summary>Says why runs failed, and whether all of them did. A part without any unit has no run, and none that failed.</summary>
    internal static bool HaveAllFailed(SweepStore store, SweepPlan plan, ConsoleHost host)
    {
        foreach (var failure in store.FailuresOf(plan.Id, MostFailures))
            host.Log($"{Name}: {SweepText.Failure(failure)}");
        var (runs, _, failed) = store.CountOf(plan.Id);
        return runs > 0 && failed == runs;
    }
}

/// <summary>A spec cannot be used, or not with this file of results; the message names the file.</summary>
internal sealed class SpecFileException(string message, Exception? inner = null) : Exception(message, inner);
