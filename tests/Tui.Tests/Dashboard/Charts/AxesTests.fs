namespace BtcBandit.Tui.Tests.Dashboard.Charts

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs

/// Round prices and times on the axes.
module AxesTests =

    let private minute = 60_000L

    [<Tests>]
    let tests =
        testList "AxesTests" [
            testCase "levels are round: multiples of 1, 2, 2.5 or 5 times a power of ten, within the scale"
            <| fun () ->
                equal [ 62_900.0; 63_000.0; 63_100.0 ] (List.ofSeq (Scale(62_850.0, 63_150.0).Levels 3))
                equal [ 0.0; 0.25; 0.5; 0.75 ] (List.ofSeq (Scale(0.0, 1.0).Levels 4))

                let law (PositiveInt low) (PositiveInt height) (PositiveInt count) =
                    let scale = Scale(float low / 7.0, float low / 7.0 + float height / 3.0)
                    let levels = List.ofSeq (scale.Levels count)
                    let isWithin = levels |> List.forall (fun level -> level >= scale.Low && level < scale.High)
                    let steps = levels |> List.pairwise |> List.map (fun (a, b) -> b - a)

                    let isRound step =
                        let mantissa = Double.Parse((sprintf "%.4e" step).Split('e').[0])
                        List.exists (fun round -> abs (mantissa - round) < 1e-3) [ 1.0; 2.0; 2.5; 5.0 ]

                    isWithin
                    && levels.Length <= count + 1
                    && List.forall isRound steps
                    && (steps.IsEmpty || List.max steps - List.min steps < 1e-6 * List.max steps + 1e-9)

                Check.QuickThrowOnFailure law

            testCase "figures of any size fit the axis"
            <| fun () ->
                let price value = Figures.Axis(value, Axes.Room, Func<float, string> Figures.Price)
                let money value = Figures.Axis(value, Axes.Room, Func<float, string> Figures.Money)
                equal "999,999.99" (money 999_999.99)
                equal "1,000,000" (money 1_000_000.0)
                equal "1,234,568" (price 1_234_567.89)
                equal "-1,234,568" (price -1_234_567.89)
                equal "-123,457 k" (money -123_456_789.0)
                equal "-1.23E-08" (price -1.23456e-8)
                equal "123,457 BTC" (Figures.Axis(123_456.7, 11, Func<float, string> Figures.Volume, " BTC"))
                equal "1,235 k BTC" (Figures.Axis(1_234_567.0, 11, Func<float, string> Figures.Volume, " BTC"))

                let value text =
                    let found = Text.RegularExpressions.Regex.Match(text, @"^(\S+)(?: ([kM]))?$")

                    let factor =
                        match found.Groups[2].Value with
                        | "k" -> 1e3
                        | "M" -> 1e6
                        | _ -> 1.0

                    factor
                    * Double.Parse(found.Groups[1].Value, Globalization.CultureInfo.InvariantCulture)

                for power in -8 .. 12 do
                    for digits in [ 1.0; 1.23456789; 5.5; 9.99999999 ] do
                        for sign in [ 1.0; -1.0 ] do
                            let wanted = sign * digits * 10.0 ** power

                            for text in price wanted :: (if power >= -2 then [ money wanted ] else []) do
                                Expect.isLessThanOrEqual text.Length Axes.Room text
                                because text (fun () -> isNear (max 0.005 (abs wanted * 0.005)) (wanted) (value text))

            testCase "a chart of millions shows all of its figures"
            <| fun () ->
                let points = [|
                    for i in 0L .. 63L -> CurvePoint(i + 1L, i * minute, 1_000_000.0 + 1_000.0 * float i, nan, 0.0)
                |]

                let frame = Frame(76, 12)
                Curves.Draw(frame.Canvas, points, 1_000_000.0, 0.0)
                let text = String.Join('\n', frame.Lines())
                contains "◀  1,063,000" text
                contains "┤  1,050,000" text

            testCase "a scale without an extent has no levels, and no number of them is too small"
            <| fun () ->
                equal [] (List.ofSeq (Scale(nan, nan).Levels 4))
                equal [] (List.ofSeq (Scale(1.0, infinity).Levels 4))
                isNotEmpty (Scale(0.0, 10.0).Levels 0)

            testCase "times are labelled where a round span begins, with the date at midnight"
            <| fun () ->
                let times = [| for i in 0L .. 179L -> (1_435L + i) * minute |]
                let labels = [ for struct (place, label) in TimeLabels.Of times -> place, label ]
                equal (5, "01-02") (List.head labels)
                equal (20, "00:15") (List.item 1 labels)

                for place, label in List.tail labels do
                    let time = times[place] / minute % 1_440L
                    equal (sprintf "%02d:%02d" (time / 60L) (time % 60L)) label

            testCase "an axis of more than a year has months or years, which begin with the calendar's"
            <| fun () ->
                let day = 1_440L * minute

                let labels (days: int64) columns =
                    let times = [| for i in 0L .. columns - 1L -> (18_000L + i * days) * day |]

                    [
                        for struct (place, label) in TimeLabels.Of times ->
                            DateTimeOffset.FromUnixTimeMilliseconds(times[place - 1]).UtcDateTime,
                            DateTimeOffset.FromUnixTimeMilliseconds(times[place]).UtcDateTime,
                            label
                    ]

                // The date of a label lies after the column before its own, and not after its own.
                let isTrue (format: string) (before: DateTime, at: DateTime, label: string) =
                    let date = DateTime.ParseExact(label, format, Globalization.CultureInfo.InvariantCulture)

                    before < date && date <= at

                for days, columns, format in [ 5L, 100L, "yyyy-MM"; 10L, 65L, "yyyy-MM"; 60L, 100L, "yyyy" ] do
                    let shown = labels days columns
                    isAbove 2 shown.Length
                    Expect.isTrue (shown |> List.forall (isTrue format)) $"%A{shown}"
                    unique [ for _, _, label in shown -> label ]

                // A wide screen of single days is more than a year as well.
                labels 1L 500L |> all (isTrue "yyyy-MM")

            testCase "a narrow chart of days has several labels"
            <| fun () ->
                for start in 0L .. 100L do
                    let times = [| for i in 0L .. 64L -> (19_000L + start + i) * 1_440L * minute |]
                    isWithin 3 8 ((TimeLabels.Of times).Count)

            testCase "labels never touch, whatever is missing and however long a column is"
            <| fun () ->
                let scene =
                    gen {
                        let! start = Gen.choose (0, 10_000_000)
                        let! gaps = Gen.nonEmptyListOf (Gen.frequency [ 9, Gen.constant 1; 1, Gen.choose (1, 5_000) ])
                        let! length = Gen.elements [ 1L; 5L; 60L; 1_440L; 20_000L ]

                        return
                            gaps
                            |> List.scan (fun time gap -> time + int64 gap * length * minute) (int64 start * minute)
                    }

                let law (times: int64 list) =
                    let labels = [
                        for struct (place, label) in TimeLabels.Of(Array.ofList times) -> place, label
                    ]

                    labels
                    |> List.forall (fun (place, label) ->
                        place > 0 && place < times.Length && List.contains label.Length [ 4; 5; 7 ])
                    && labels
                       |> List.pairwise
                       |> List.forall (fun ((a, label), (b, _)) -> b - a >= label.Length + 2)

                let fewer times = Shrinking.shorter times |> Seq.filter (List.isEmpty >> not)
                Check.QuickThrowOnFailure(Prop.forAll (Arb.fromGenShrink (scene, fewer)) law)
        ]
