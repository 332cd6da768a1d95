namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Immutable
open FsCheck.FSharp
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Trading

/// Bars as anybody would add them up, with nothing of the code under test.
module Naive =
    type Bar = {
        Time: int64
        Prices: float * float * float * float
        Volume: float
        Equity: float
        Drawdown: float32
        Invested: float32
        Action: int
        Step: int64
        Value: float32
    }

    let private ofMs (time: DateTime) = DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds()

    let startOf (span: string) (time: int64) =
        let at = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime
        let inDay (minutes: int) = ofMs (at.Date.AddMinutes(float (int at.TimeOfDay.TotalMinutes / minutes * minutes)))

        match span with
        | "1m" -> inDay 1
        | "5m" -> inDay 5
        | "15m" -> inDay 15
        | "1h" -> inDay 60
        | "4h" -> inDay 240
        | "1d" -> inDay 1_440
        | _ -> ofMs (at.Date.AddDays(float -((int at.DayOfWeek + 6) % 7)))

    let bars span (steps: (int64 * StepRow * float) list) = [
        for time, inside in List.groupBy (fun (_, (row: StepRow), _) -> startOf span row.Time) steps do
            let rows = inside |> List.map (fun (_, row, _) -> row)
            let number, last, value = List.last inside
            let invested = rows |> List.filter _.IsInvested |> List.length

            {
                Time = time
                Prices =
                    rows.Head.Open, rows |> List.map _.High |> List.max, rows |> List.map _.Low |> List.min, last.Close
                Volume = rows |> List.sumBy _.Volume
                Equity = last.Equity
                Drawdown = rows |> List.map _.Drawdown |> List.max
                Invested = float32 invested / float32 rows.Length
                Action = int last.Action
                Step = number
                Value = float32 value
            }
    ]

    let ofBars (bars: Bars) = [
        for i in 0 .. bars.Time.Length - 1 do
            {
                Time = bars.Time[i]
                Prices = bars.Open[i], bars.High[i], bars.Low[i], bars.Close[i]
                Volume = bars.Volume[i]
                Equity = bars.Equity[i]
                Drawdown = bars.Drawdown[i]
                Invested = bars.Invested[i]
                Action = bars.Action[i]
                Step = bars.Step[i]
                Value = bars.Columns[0][i]
            }
    ]

/// Columns that are filled by hand.
module Rows =
    let header =
        RunHeader(Make.source, Make.parameters, ImmutableArray.Create<string> [| "one"; "two" |], ImmutableArray.Empty)

    let spans = [|
        yield! [ BarSpan.Of Timeframe.OneMinute ]
        yield! BarSpan.CoarserThan Timeframe.OneMinute
    |]

    /// Steps with whole numbers, so that sums are exact, and with gaps of up to three days. Times begin on any weekday.
    let rowsOf (gaps: (int * int) list) first =
        let times =
            gaps
            |> List.scan (fun time (gap, _) -> time + 60_000L * int64 gap) 1_704_067_200_000L

        List.zip (List.tail times) gaps
        |> List.mapi (fun i (time, (gap, price)) ->
            let price = float price

            let candle =
                match
                    BtcBandit.Indicators.Candle.TryCreate(
                        time,
                        price,
                        price + 2.0,
                        price - 1.0,
                        price + 1.0,
                        float (gap % 7)
                    )
                with
                | true, candle, _ -> candle
                | _, _, error -> failwith $"{error}"

            let action = enum<TradeAction>(gap % 3)
            first + int64 i, StepRow(&candle, 1_000.0 + price, (price % 8.0) / 8.0, action, gap % 2 = 0), price)

    let add (columns: RunColumns) steps =
        for number, (row: StepRow), value in steps do
            let fill =
                if number % 3L = 0L then
                    Nullable(
                        FillRow(
                            number,
                            row.Time,
                            number % 2L = 0L,
                            value,
                            2.0,
                            0.0,
                            0.0,
                            (if number % 2L = 0L then nan else 1.0),
                            1.0,
                            null
                        )
                    )
                else
                    Nullable()

            columns.AddPast(&row, ReadOnlySpan(Array.create header.Columns.Length value), fill, "exploit")

    let columnsOf steps (first: int64) =
        let columns = RunColumns("run", header, first)
        add columns steps
        columns.PublishPast()
        columns

    /// Gaps and prices; of them, how many are seen, the first step's number, where a window begins and ends, and most bars.
    let cases =
        let shrink (gaps: (int * int) list, seen, first, from, until, max) =
            let sized (gaps: (int * int) list, seen) =
                let size = gaps.Length
                gaps, min seen size, first, min from size, min until size, max

            seq {
                yield!
                    Shrinking.both
                        (Shrinking.listOver 1 (Shrinking.both (Shrinking.towards 1) (Shrinking.towards 10)))
                        (Shrinking.towards 1)
                        (gaps, seen)
                    |> Seq.map sized

                for first in Shrinking.only 1L first do
                    yield gaps, seen, first, from, until, max

                for from, until in Shrinking.both (Shrinking.towards 0) (Shrinking.towards 0) (from, until) do
                    yield gaps, seen, first, from, until, max

                for max in Shrinking.towards 1 max do
                    yield gaps, seen, first, from, until, max
            }

        let whole =
            gen {
                let! size = Gen.choose (1, 400)
                let! reach = Gen.elements [ 1; 3; 60; 4_320 ]
                let! gaps = Gen.listOfLength size (Gen.zip (Gen.choose (1, reach)) (Gen.choose (10, 90)))
                let! seen = Gen.choose (1, size)
                let! first = Gen.elements [ 1L; 501L ]
                let! from, until = Gen.zip (Gen.choose (0, size)) (Gen.choose (0, size))
                let! max = Gen.choose (1, 40)
                return gaps, seen, first, from, until, max
            }

        Arb.fromGenShrink (whole, shrink)
