namespace BtcBandit.Indicators.Tests

open System
open System.IO
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators

/// The JSON of saved states to the last byte: runs that earlier versions saved must go on.
module SavedBytesTests =

    let private lists = [
        Catalogue.Default + ",rsi,macd,stdev,roc,zscore"
        "vwap:cumulative,vwap:7,sma:3,wma:17,bb:33:1.5,sar:0.5:0.1,supertrend:3:0.7,macd:2:3:1,roc:1"
    ]

    /// States before, while and after warming up, and when windows have turned over several times.
    let private places = [ 0; 1; 20; 33; 300 ]

    let private lines () = [
        for list in lists do
            let features = FeatureSet.Of list
            let run = features.Start()
            let row, vector = Array.zeroCreate features.Columns.Length, Array.zeroCreate features.Features.Length
            let week = Week.candles ()

            for i in 0 .. List.max places do
                if List.contains i places then
                    $"{i} {run.Save().GetRawText()}"

                run.Push(&week[i], Span row, Span vector) |> ignore
    ]

    [<Tests>]
    let tests =
        testList "SavedBytesTests" [
            testCase "every kind has a saved state on file"
            <| fun () ->
                let saved = [
                    for list in lists do
                        for entry in (FeatureSet.Of list).Entries -> entry.Kind
                ]

                for kind in Catalogue.BuiltIn.Kinds do
                    because
                        $"Add {kind} to the lists of SavedBytesTests and write tests/Golden/saved-states.txt anew."
                        (fun () -> has kind saved)

            testCase "saved states are the same bytes as in earlier versions"
            <| fun () ->
                let file = Repository.path "tests/Golden/saved-states.txt"

                if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
                    File.WriteAllLines(file, lines ())
                    skiptest $"written: {file}"

                let expected = File.ReadAllLines file
                equal (lists.Length * places.Length) expected.Length

                for now, before in Seq.zip (lines ()) expected do
                    equal before now
        ]
