namespace BtcBandit.Engine.Tests.Market

open System
open System.Text.Json
open NUnit.Framework
open BtcBandit.Engine.Market

[<TestFixture>]
type TradingPairTests() =

    [<TestCase("BTC/USDT", "BTC/USDT")>]
    [<TestCase("btc/usdt", "BTC/USDT")>]
    [<TestCase("BTCUSDT", "BTC/USDT")>]
    [<TestCase("btcusdt", "BTC/USDT")>]
    [<TestCase("BTCFDUSD", "BTC/FDUSD")>]
    [<TestCase("BTCTUSD", "BTC/TUSD")>]
    [<TestCase("BTCBUSD", "BTC/BUSD")>]
    [<TestCase("BTCUSDC", "BTC/USDC")>]
    [<TestCase("BTCUSD", "BTC/USD")>]
    [<TestCase("ETHBTC", "ETH/BTC")>]
    [<TestCase("BNBETH", "BNB/ETH")>]
    [<TestCase("BTCEUR", "BTC/EUR")>]
    [<TestCase("1INCH/USDT", "1INCH/USDT")>]
    [<TestCase("1000SATSUSDT", "1000SATS/USDT")>]
    [<TestCase("XYZ/ABC", "XYZ/ABC")>]
    member _.``is read``(text: string, expected: string) =
        match TradingPair.TryParse text with
        | true, pair -> Assert.That(string pair, Is.EqualTo expected)
        | false, _ -> Assert.Fail $"{text} was refused"

    [<TestCase(null)>]
    [<TestCase("")>]
    [<TestCase("/")>]
    [<TestCase("BTC/")>]
    [<TestCase("/USDT")>]
    [<TestCase("USDT")>]
    [<TestCase("BTC")>]
    [<TestCase("BTCXYZ")>]
    [<TestCase("BTC-USDT")>]
    [<TestCase("BTC/USDT/X")>]
    [<TestCase("BTC USDT")>]
    [<TestCase(" BTCUSDT")>]
    [<TestCase("../USDT")>]
    [<TestCase("ÄBTC/USDT")>]
    [<TestCase("ABCDEFGHIJKLMNOPQRSTU/USDT")>]
    member _.``is refused``(text: string) =
        match TradingPair.TryParse text with
        | true, pair -> Assert.Fail $"{text} was read as {pair}"
        | false, pair -> Assert.That(pair, Is.Null)

    [<Test>]
    member _.``a pair made by hand is in upper case, as the one read back``() =
        let pair = TradingPair("btc", "usdt")
        Assert.That((pair.Base, pair.Quote), Is.EqualTo(("BTC", "USDT")))
        Assert.That(pair, Is.EqualTo(TradingPair("BTC", "USDT")))
        let json = JsonSerializer.Serialize pair
        Assert.That(JsonSerializer.Deserialize<TradingPair> json, Is.EqualTo pair)

    [<TestCase("BRK.B", "USD")>]
    [<TestCase("BTC", "")>]
    [<TestCase("", "USDT")>]
    [<TestCase("BTC/USDT", "X")>]
    [<TestCase("ABCDEFGHIJKLMNOPQRSTU", "USDT")>]
    member _.``a pair that could not be read back cannot be made``(baseSymbol: string, quote: string) =
        Assert.That(
            Action(fun () -> TradingPair(baseSymbol, quote) |> ignore),
            Throws.ArgumentException.And.Message.Contains "1 to 20 letters and digits"
        )
