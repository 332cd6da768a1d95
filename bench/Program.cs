using BenchmarkDotNet.Running;
using BtcBandit.Benchmarks;

// "drift" is a proof, not a benchmark: it prints how far each windowed indicator is after 10,000,000 candles.
if (args is ["drift", ..])
    return DriftProof.Run(args.Length > 1 ? long.Parse(args[1]) : 10_000_000);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
