namespace BtcBandit.Engine.Tests.Market

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market

module TradingPairTests =

    [<Tests>]
    let tests =
        testList "TradingPairTests" [
            cases "is read" [
                "BTC/USDT", "BTC/USDT"
                "btc/usdt", "BTC/USDT"
                "BTCUSDT", "BTC/USDT"
                "btcusdt", "BTC/USDT"
                "BTCFDUSD", "BTC/FDUSD"
                "BTCTUSD", "BTC/TUSD"
                "BTCBUSD", "BTC/BUSD"
                "BTCUSDC", "BTC/USDC"
                "BTCUSD", "BTC/USD"
                "ETHBTC", "ETH/BTC"
                "BNBETH", "BNB/ETH"
                "BTCEUR", "BTC/EUR"
                "1INCH/USDT", "1INCH/USDT"
                "1000SATSUSDT", "1000SATS/USDT"
                "XYZ/ABC", "XYZ/ABC"
                "BTC-USDT", "BTC/USDT"
                "btc_usdt", "BTC/USDT"
                "XBTUSD", "XBT/USD"
                "DOTUSD", "DOT/USD"
                "GRTUSD", "GRT/USD"
                "BATUSD", "BAT/USD"
                "USDTUSD", "USDT/USD"
                "ETHGBP", "ETH/GBP"
                "SHIBUSD", "SHIB/USD"
                "AVAXUSD", "AVAX/USD"
                "BNBUSD", "BNB/USD"
                "ADAEUR", "ADA/EUR"
                "BTCAEUR", "BTC/AEUR"
                "ETHXBT", "ETH/XBT"
                "BTCUSD1", "BTC/USD1"
                "BTCIDRT", "BTC/IDRT"
                "BNBBIDR", "BNB/BIDR"
                "BNBIDR", "BNB/IDR"
                "USDTTRY", "USDT/TRY"
                "FDUSDUSDT", "FDUSD/USDT"
                "TUSDUSDT", "TUSD/USDT"
                "TUSDT", "T/USDT"
                "OMUSDT", "OM/USDT"
                "BTTUSDT", "BTT/USDT"
                "EURIUSDT", "EURI/USDT"
                "BTCEURI", "BTC/EURI"
                "BTCUSDS", "BTC/USDS"
                "BTCPAX", "BTC/PAX"
                "BTCRUB", "BTC/RUB"
                "USDTUAH", "USDT/UAH"
                "BTCBRL", "BTC/BRL"
                "USDTJPY", "USDT/JPY"
                "TRXXRP", "TRX/XRP"
                "BTCBKRW", "BTC/BKRW"
                "BTCGYEN", "BTC/GYEN"
                "BTCVAI", "BTC/VAI"
                "1INCHUSDT", "1INCH/USDT"
            ]
            <| fun (text: string, expected: string) ->
                match TradingPair.TryParse text with
                | true, pair -> equal expected (string pair)
                | false, _ -> failtest $"{text} was refused"

            cases "is refused" [
                (null: string | null)
                ""
                "/"
                "BTC/"
                "/USDT"
                "USDT"
                "BTC"
                "BTCXYZ"
                "BTC-XYZ"
                "BTC_PERP"
                "BTCUSD_PERP"
                "BTCUSDT_250328"
                "BTC-USDT-SWAP"
                "-USDT"
                "BUSD"
                "BTC/USDT/X"
                "BTC USDT"
                " BTCUSDT"
                "../USDT"
                "ÄBTC/USDT"
                "ABCDEFGHIJKLMNOPQRSTU/USDT"
            ]
            <| fun (text: string) ->
                match TradingPair.TryParse text with
                | true, pair -> failtest $"{text} was read as {pair}"
                | false, pair -> isNull' pair

            testCase "a pair made by hand is in upper case, as the one read back"
            <| fun () ->
                let pair = TradingPair("btc", "usdt")
                equal ("BTC", "USDT") (pair.Base, pair.Quote)
                equal (TradingPair("BTC", "USDT")) pair
                let json = JsonSerializer.Serialize pair
                equal pair (nonNull (JsonSerializer.Deserialize<TradingPair> json))

            cases "XBT is BTC, but the pair keeps its name" [
                "XBT/USDT", "BTC/USDT", true
                "BTC/USDT", "XBT/USDT", true
                "ETH/XBT", "ETH/BTC", true
                "BTC/USDT", "BTC/USDT", true
                "BTC/USDT", "BTC/USD", false
                "XBT/USDT", "ETH/USDT", false
                "BTC/ETH", "ETH/BTC", false
            ]
            <| fun (one: string, other: string, expected: bool) ->
                let pair (text: string) =
                    match TradingPair.TryParse text with
                    | true, pair -> nonNull pair
                    | false, _ -> failwith text

                equal expected ((pair one).Market = (pair other).Market)
                equal (one = other) (pair one = pair other)

            cases "a pair that could not be read back cannot be made" [
                "BRK.B", "USD"
                "BTC", ""
                "", "USDT"
                "BTC/USDT", "X"
                "ABCDEFGHIJKLMNOPQRSTU", "USDT"
            ]
            <| fun (baseSymbol: string, quote: string) ->
                contains
                    "1 to 20 letters and digits"
                    (thrown<ArgumentException>(fun () -> TradingPair(baseSymbol, quote) |> ignore)).Message
        ]
