using System.Globalization;
using BenchmarkDotNet.Running;
using BtcBandit.Benchmarks;

// peers/run asks for the first two; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["candles", var file]:
        PeerRun.WriteCandles(file, Console.Out);
        break;
    case ["peers", var file, var rounds]:
        PeerRun.Measure(file, int.Parse(rounds, CultureInfo.InvariantCulture), Console.Out, TimeProvider.System);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
