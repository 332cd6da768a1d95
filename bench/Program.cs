using System.Globalization;
using BenchmarkDotNet.Running;
using BtcBandit.Benchmarks;
using BtcBandit.Benchmarks.Learning;

// peers/run asks for the first two, drift, learning, gate and verdict are proofs, loop goes through its stages in turns, backtests
// compares many runs in one process with a process each, sweep measures reports and proves the verdict on whole sweeps, web
// watches the web dashboard with many streams; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["candles", var file]:
        PeerRun.WriteCandles(file, Console.Out);
        return 0;
    case ["peers", var file, var rounds]:
        PeerRun.Measure(file, int.Parse(rounds, CultureInfo.InvariantCulture), Console.Out, TimeProvider.System);
        return 0;
    case ["drift"]:
        return DriftProof.Run(10_000_000);
    case ["drift", var candles]:
        return DriftProof.Run(long.Parse(candles, CultureInfo.InvariantCulture));
    case ["loop"]:
        LoopRun.Measure(1_000_000, TimeProvider.System);
        return 0;
    case ["loop", var candles]:
        LoopRun.Measure(int.Parse(candles, CultureInfo.InvariantCulture), TimeProvider.System);
        return 0;
    case ["backtests", var file, var program, var count]:
        return BacktestRuns.Measure(file, program, int.Parse(count, CultureInfo.InvariantCulture), TimeProvider.System);
    case ["web", var program, var pairs, var steps]:
        return WebLoad.Measure(
            program,
            int.Parse(pairs, CultureInfo.InvariantCulture),
            long.Parse(steps, CultureInfo.InvariantCulture),
            TimeProvider.System
        );
    case ["learning"]:
        return LearningProofs.Run(null);
    case ["learning", var folder]:
        return LearningProofs.Run(folder);
    case ["gate"]:
        return GateProofs.Run(600, null);
    case ["gate", var worlds]:
        return GateProofs.Run(int.Parse(worlds, CultureInfo.InvariantCulture), null);
    case ["gate", var worlds, var folder]:
        return GateProofs.Run(int.Parse(worlds, CultureInfo.InvariantCulture), folder);
    case ["verdict"]:
        return VerdictProofs.Run(200);
    case ["verdict", var worlds]:
        return VerdictProofs.Run(int.Parse(worlds, CultureInfo.InvariantCulture));
    case ["sweep", "rows"]:
        return SweepRows.Measure(200_000, TimeProvider.System);
    case ["sweep", "rows", var file]:
        return SweepRows.Measure(200_000, TimeProvider.System, file);
    case ["sweep", "verdict", var sweeps]:
        return SweepVerdicts.Run(int.Parse(sweeps, CultureInfo.InvariantCulture), TimeProvider.System);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
