using BtcBandit.Sweep.Distribution;
using BtcBandit.Sweep.Execution;
using BtcBandit.Sweep.Nats;
using BtcBandit.Sweep.Store;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Has the workers of a cluster make a sweep, and keeps what they send.</summary>
/// <param name="plan">The sweep.</param>
/// <param name="options">The options of the command.</param>
/// <param name="host">The console and the clock.</param>
internal sealed class ClusterSweep(SweepPlan plan, SweepOptions options, ConsoleHost host)
{
    private long refusedNow;

    /// <summary>Makes the sweep.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(StopSignals signals)
    {
        var path = SweepCommand.StoreOf(options);
        using var store = SweepStore.Open(path);
        using var line = new SweepProgressLine(host);
        var (lost, differing, refused, verified) = (
            new List<LostUnit>(),
            new SortedSet<string>(StringComparer.Ordinal),
            0L,
            0
        );
        var begunAt = host.Clock.GetTimestamp();
        int? stopped = null;
        try
        {
            foreach (var stage in plan.Stages(store))
            {
                var work = new DistributedSweep(plan, stage, store, host.Clock.GetUtcNow(), options.Verified);
                var outcome = await HandOutAsync(work, line, signals.Token).ConfigureAwait(false);
                lost.AddRange(outcome.Lost);
                differing.UnionWith(outcome.Differing);
                (refused, refusedNow, verified) = (refused + outcome.Refused, 0, verified + work.Verified);
                if (lost.Count > 0)
                    break;
            }
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            (stopped, refused) = (code, refused + refusedNow);
        }
        line.Clear();
        foreach (var unit in lost)
            host.Log($"{SweepCommand.Name}: unit {unit.Key[..16]} is given up: {unit.Reason}");
        foreach (var key in differing)
            host.Log($"{SweepCommand.Name}: unit {key[..16]} came with different results");
        host.Out.WriteLine(
            SweepText.ClusterEnd(
                store.CountOf(plan.Id),
                isWhole: stopped is null && lost.Count == 0,
                refused,
                verified,
                host.Clock.GetElapsedTime(begunAt),
                path,
                options.Json
            )
        );
        host.Out.Flush();
        var haveAllFailed = SweepCommand.HaveAllFailed(store, plan, host);
        return stopped ?? (haveAllFailed || lost.Count + differing.Count > 0 ? ExitCode.Failed : ExitCode.Done);
    }

    private Task<ClusterOutcome> HandOutAsync(DistributedSweep work, SweepProgressLine line, CancellationToken stop) =>
        NatsCoordinator.RunAsync(
            options.Cluster!,
            plan.Id,
            plan.Code,
            work.Units(),
            work.Files,
            result => Task.FromResult(work.Store(result, host.Clock.GetUtcNow(), stop)),
            progress => Show(line, progress),
            stop
        );

    private void Show(SweepProgressLine line, ClusterProgress progress)
    {
        refusedNow = progress.Refused;
        if (progress.Message is { } message)
        {
            line.Clear();
            host.Log($"{SweepCommand.Name}: {message}");
            return;
        }
        line.Show(progress);
    }
}
