// A watcher of your own prints fills as they happen. When it throws, the run carries on without it.
// dotnet run --project samples/OwnWatcher

using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var folder = Directory.CreateTempSubdirectory("own-watcher-").FullName;
var plan = new SessionPlan
{
    Run = RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), new RunParameters { History = 1_440 }),
    Candles = SyntheticFeed.Candles(market).ToObservable(),
    DataDir = folder,
    Steps = 5_000,
};
using var session = new Session(plan, TimeProvider.System, _ => { }, CancellationToken.None);

var fills = 0;
var watcher = Observer.Create<Step>(step =>
{
    if (step.Fill is null)
        return;
    if (++fills == 4)
        throw new InvalidOperationException("three are enough");
    Console.WriteLine(step.ToJson()[..60]);
});
using var scheduler = new EventLoopScheduler();
using var watch = session
    .Steps.Conflate(capacity: 10_000, scheduler)
    .Watch(watcher, error => Console.WriteLine(error.Message));
var result = await session.RunAsync();
await watch.Seen;
Console.WriteLine($"the run made {result.StepsMade} steps");
Directory.Delete(folder, recursive: true);
