using System.CommandLine;
using System.Globalization;
using BtcBandit.FakeExchange;

var candles = new Option<string[]>("--candles")
{
    Description = "Recorded minutes of BTCUSDT: Binance's CSV files, plain or .gz, in order",
    AllowMultipleArgumentsPerToken = true,
    Required = true,
};
var speed = new Option<double>("--speed")
{
    Description = "How many times faster than real time, for instance 60x",
    DefaultValueFactory = _ => 1,
    CustomParser = result =>
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value.TrimEnd('x') : "";
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000)
            return number;
        result.AddError($"--speed {text} is no number from above 0 to 10000");
        return 1;
    },
};
var faults = new Option<string>("--faults")
{
    Description = $"none, all, or some of: {string.Join(' ', Enum.GetNames<Fault>())}, separated by commas",
    DefaultValueFactory = _ => "none",
};
var rate = new Option<double>("--rate")
{
    Description = "Share of the minutes that each fault strikes; requests have four times as many",
    DefaultValueFactory = _ => 0.05,
};
var seed = new Option<int>("--seed") { Description = "Seed of the faults", DefaultValueFactory = _ => 1 };
var port = new Option<int>("--port") { Description = "Port on this machine", DefaultValueFactory = _ => 8080 };
var history = new Option<int>("--history")
{
    Description = "Number of candles that exist when the exchange opens",
    DefaultValueFactory = _ => 1_440,
};
var status = new Option<string>("--status")
{
    Description = "What the exchange says of the pair: TRADING, BREAK, HALT",
    DefaultValueFactory = _ => "TRADING",
};
var root = new RootCommand(
    "A fake exchange on this machine: the REST interface and the streams of Binance's spot market, from recorded candles."
)
{
    candles,
    speed,
    faults,
    rate,
    seed,
    port,
    history,
    status,
};
root.SetAction(
    async (parsed, stop) =>
    {
        var rows = parsed.GetValue(candles)!.SelectMany(Row.Read).ToList();
        var past = parsed.GetValue(history);
        if (rows.Count <= past)
        {
            await Console.Error.WriteLineAsync(
                $"--candles holds {rows.Count} minutes, --history asks for {past} and more"
            );
            return 1;
        }
        var names = parsed.GetValue(faults)!;
        var kinds = new List<Fault>();
        foreach (var name in names is "none" or "all" ? [] : names.Split(','))
        {
            if (!Enum.TryParse<Fault>(name, ignoreCase: true, out var kind))
            {
                await Console.Error.WriteLineAsync(
                    $"--faults {name} is none of: {string.Join(' ', Enum.GetNames<Fault>())}"
                );
                return 1;
            }
            kinds.Add(kind);
        }
        if (names == "all")
            kinds = [.. Enum.GetValues<Fault>().Where(kind => kind != Fault.Outage)];
        var factor = parsed.GetValue(speed);
        var clock = new ScaledTime(factor, DateTimeOffset.FromUnixTimeMilliseconds(rows[past].OpenTime));
        var plan = new FaultPlan(kinds, parsed.GetValue(rate), parsed.GetValue(seed));
        var market = new Market(rows, plan, clock, TimeSpan.Zero, rows[past].OpenTime + (20 * Row.Length))
        {
            Status = parsed.GetValue(status)!,
        };
        await using var exchange = await WebExchange.Start(market, clock, parsed.GetValue(port));
        Console.WriteLine(
            $"{exchange.Address} serves BTCUSDT from {DateTimeOffset.FromUnixTimeMilliseconds(rows[past].OpenTime):yyyy-MM-dd HH:mm} UTC "
                + $"on, {factor:0.##} times as fast; press p and Enter to pull the plug or put it back, Ctrl-C to end"
        );
        var input = Task.Run(Plug, stop);
        await exchange.Wait();
        return 0;

        void Plug()
        {
            while (Console.ReadLine() is { } line)
            {
                if (line != "p")
                    continue;
                exchange.IsUnplugged = !exchange.IsUnplugged;
                Console.WriteLine(exchange.IsUnplugged ? "unplugged" : "plugged in");
            }
        }
    }
);
return await root.Parse(args).InvokeAsync();
