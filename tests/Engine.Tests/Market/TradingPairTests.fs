namespace BtcBandit.Engine.Tests.Market

open System
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
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
    [<TestCase("BTC-USDT", "BTC/USDT")>]
    [<TestCase("btc_usdt", "BTC/USDT")>]
    [<TestCase("XBTUSD", "XBT/USD")>]
    [<TestCase("DOTUSD", "DOT/USD")>]
    [<TestCase("GRTUSD", "GRT/USD")>]
    [<TestCase("BATUSD", "BAT/USD")>]
    [<TestCase("USDTUSD", "USDT/USD")>]
    [<TestCase("ETHGBP", "ETH/GBP")>]
    [<TestCase("SHIBUSD", "SHIB/USD")>]
    [<TestCase("AVAXUSD", "AVAX/USD")>]
    [<TestCase("BNBUSD", "BNB/USD")>]
    [<TestCase("ADAEUR", "ADA/EUR")>]
    [<TestCase("BTCAEUR", "BTC/AEUR")>]
    [<TestCase("ETHXBT", "ETH/XBT")>]
    [<TestCase("BTCUSD1", "BTC/USD1")>]
    [<TestCase("BTCIDRT", "BTC/IDRT")>]
    [<TestCase("BNBBIDR", "BNB/BIDR")>]
    [<TestCase("BNBIDR", "BNB/IDR")>]
    [<TestCase("USDTTRY", "USDT/TRY")>]
    [<TestCase("FDUSDUSDT", "FDUSD/USDT")>]
    [<TestCase("TUSDUSDT", "TUSD/USDT")>]
    [<TestCase("TUSDT", "T/USDT")>]
    [<TestCase("OMUSDT", "OM/USDT")>]
    [<TestCase("BTTUSDT", "BTT/USDT")>]
    [<TestCase("EURIUSDT", "EURI/USDT")>]
    [<TestCase("BTCEURI", "BTC/EURI")>]
    [<TestCase("BTCUSDS", "BTC/USDS")>]
    [<TestCase("BTCPAX", "BTC/PAX")>]
    [<TestCase("BTCRUB", "BTC/RUB")>]
    [<TestCase("USDTUAH", "USDT/UAH")>]
    [<TestCase("BTCBRL", "BTC/BRL")>]
    [<TestCase("USDTJPY", "USDT/JPY")>]
    [<TestCase("TRXXRP", "TRX/XRP")>]
    [<TestCase("BTCBKRW", "BTC/BKRW")>]
    [<TestCase("BTCGYEN", "BTC/GYEN")>]
    [<TestCase("BTCVAI", "BTC/VAI")>]
    [<TestCase("1INCHUSDT", "1INCH/USDT")>]
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
    [<TestCase("BTC-XYZ")>]
    [<TestCase("BTC_PERP")>]
    [<TestCase("BTCUSD_PERP")>]
    [<TestCase("BTCUSDT_250328")>]
    [<TestCase("BTC-USDT-SWAP")>]
    [<TestCase("-USDT")>]
    [<TestCase("BUSD")>]
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

    [<TestCase("XBT/USDT", "BTC/USDT", true)>]
    [<TestCase("BTC/USDT", "XBT/USDT", true)>]
    [<TestCase("ETH/XBT", "ETH/BTC", true)>]
    [<TestCase("BTC/USDT", "BTC/USDT", true)>]
    [<TestCase("BTC/USDT", "BTC/USD", false)>]
    [<TestCase("XBT/USDT", "ETH/USDT", false)>]
    [<TestCase("BTC/ETH", "ETH/BTC", false)>]
    member _.``XBT is BTC, but the pair keeps its name``(one: string, other: string, expected: bool) =
        let pair (text: string) =
            match TradingPair.TryParse text with
            | true, pair -> nonNull pair
            | false, _ -> failwith text

        Assert.That(((pair one).Market = (pair other).Market), Is.EqualTo expected)
        Assert.That((pair one = pair other), Is.EqualTo((one = other)))

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
