namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.Json
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// A clock on which ten seconds pass between two looks.
type HurryingClock() =
    inherit TimeProvider()
    let mutable looks = 0L
    override _.TimestampFrequency = 1L

    override _.GetTimestamp() =
        looks <- looks + 10L
        looks

/// Calls back at each line.
type Listener(onLine: string -> unit) =
    inherit StringWriter()

    override this.WriteLine(line: string) =
        base.WriteLine line
        onLine line

/// Candles of a backtest, and what is read from its answers.
module BacktestFiles =
    let market =
        SyntheticFeed.Candles(SyntheticOptions(Seed = 4L))
        |> Seq.take 3_000
        |> Array.ofSeq

    /// A file of some minutes, of which some can be missing.
    let writeSome (folder: Temporary) (name: string) count (isThere: int -> bool) =
        let invariant (text: FormattableString) = FormattableString.Invariant text

        let rows = [
            for index, candle in Seq.indexed market[.. count - 1] do
                if isThere index then
                    invariant
                        $"{candle.OpenTime},{candle.Open:R},{candle.High:R},{candle.Low:R},{candle.Close:R},{candle.Volume:R}"
        ]

        let path = folder.File $"{name}.csv"
        File.WriteAllLines(path, "open_time,open,high,low,close,volume" :: rows)
        path

    let write folder name count = writeSome folder name count (fun _ -> true)

    let small = [ "--indicators"; "sma:5"; "--fee-bps"; "1"; "--slippage-bps"; "0" ]
    let backtest file more = run ("backtest" :: "--data" :: file :: small @ more)
    let offline more = run ([ "backtest"; "--offline"; "--history"; "0"; "--steps"; "600" ] @ small @ more)

    let agentsOf (answer: Answer) (list: string) = [
        for agent in (json answer).GetProperty(list).EnumerateArray() -> string (agent.GetProperty "agent")
    ]

    let get (name: string) (element: JsonElement) = element.GetProperty name
    let at (place: int) (element: JsonElement) = element[place]
    let agent place answer = json answer |> get "agents" |> at place
    let summary answer = agent 0 answer |> get "runs" |> at 0 |> get "summary"

    /// The runs of an agent without what depends on the others: how many trials there were.
    let runsOf place answer = [
        for run in (agent place answer |> get "runs").EnumerateArray() ->
            [
                for field in run.EnumerateObject() do
                    if field.Name <> "skill" then
                        field.Value.GetRawText()
            ]
    ]

    let lines (text: string) = text.ReplaceLineEndings("\n").TrimEnd('\n').Split '\n'
