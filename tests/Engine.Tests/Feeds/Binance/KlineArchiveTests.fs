namespace BtcBandit.Engine.Tests.Feeds.Binance

open System.IO
open System.Text
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

module KlineArchiveTests =

    let private pair = TradingPair("BTC", "USDT")

    let private row (month: string) =
        let openTime = System.DateTimeOffset.Parse(month).ToUnixTimeMilliseconds()

        $"[{openTime},\"61967.56000000\",\"62035.68000000\",\"61967.55000000\",\"62013.33000000\",\"47.05432000\",{openTime + 59_999L},\"2917321.12345678\",2048,\"24.15203000\",\"1497424.00000001\",\"0\"]"

    let private klines rows =
        let rows = rows |> String.concat ","
        RestAnswers.Klines(Encoding.ASCII.GetBytes $"[{rows}]")

    let private take (folder: Temporary) rows =
        let record = KlineArchive(folder.Path, pair, Timeframe.OneMinute) :> IKlineRecord

        for kline in klines rows do
            let kline = kline
            record.Take &kline

        record.Close()

    let private file (folder: Temporary) month = Path.Combine(folder.Path, "BTCUSDT", "1m", $"BTCUSDT-1m-{month}.csv")

    let private plain (row: string) = row.Trim('[', ']').Replace("\"", "")

    [<Tests>]
    let tests =
        testList "KlineArchiveTests" [
            testCase "rows are as the exchange wrote them, one file a month"
            <| fun () ->
                use folder = new Temporary()
                let january = [ row "2024-01-31T23:58:00Z"; row "2024-01-31T23:59:00Z" ]
                let february = [ row "2024-02-01T00:00:00Z" ]
                take folder (january @ february)
                equal (january |> List.map plain) (List.ofArray (File.ReadAllLines(file folder "2024-01")))
                equal (february |> List.map plain) (List.ofArray (File.ReadAllLines(file folder "2024-02")))

            testCase "what is there already is not written again"
            <| fun () ->
                use folder = new Temporary()
                let rows = [ for minute in 0..3 -> row $"2024-01-05T10:0{minute}:00Z" ]
                take folder rows[..2]
                take folder rows[1..]
                equal (rows |> List.map plain) (List.ofArray (File.ReadAllLines(file folder "2024-01")))

            testCase "a folder that cannot be written ends the feed with a line"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "BTCUSDT", "")
                let found = fault (fun () -> take folder [ row "2024-01-05T10:00:00Z" ])
                isA<FeedFault.Unwritable> found
        ]
