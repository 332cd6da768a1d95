namespace BtcBandit.Tui.Tests.Dashboard.Charts

open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Tests.Programs

/// Round prices and times on the axes.
[<TestFixture>]
type AxesTests() =

    let minute = 60_000L

    [<Test>]
    member _.``levels are round: multiples of 1, 2, 2.5 or 5 times a power of ten, within the scale``() =
        equal [ 62_900.0; 63_000.0; 63_100.0 ] (List.ofSeq (Scale(62_850.0, 63_150.0).Levels 3))
        equal [ 0.0; 0.25; 0.5; 0.75 ] (List.ofSeq (Scale(0.0, 1.0).Levels 4))

        let law (PositiveInt low) (PositiveInt height) (PositiveInt count) =
            let scale = Scale(float low / 7.0, float low / 7.0 + float height / 3.0)
            let levels = List.ofSeq (scale.Levels count)
            let isWithin = levels |> List.forall (fun level -> level >= scale.Low && level < scale.High)
            let steps = levels |> List.pairwise |> List.map (fun (a, b) -> b - a)

            let isRound step =
                let mantissa = System.Double.Parse((sprintf "%.4e" step).Split('e').[0])
                List.exists (fun round -> abs (mantissa - round) < 1e-3) [ 1.0; 2.0; 2.5; 5.0 ]

            isWithin
            && levels.Length <= count + 1
            && List.forall isRound steps
            && (steps.IsEmpty || List.max steps - List.min steps < 1e-6 * List.max steps + 1e-9)

        Check.QuickThrowOnFailure law

    [<Test>]
    member _.``a scale without an extent has no levels, and no number of them is too small``() =
        equal [] (List.ofSeq (Scale(nan, nan).Levels 4))
        equal [] (List.ofSeq (Scale(1.0, infinity).Levels 4))
        Assert.That(Scale(0.0, 10.0).Levels 0, Is.Not.Empty)

    [<Test>]
    member _.``times are labelled where a round span begins, with the date at midnight``() =
        let times = [| for i in 0L .. 179L -> (1_435L + i) * minute |]
        let labels = [ for struct (place, label) in TimeLabels.Of times -> place, label ]
        equal (5, "01-02") (List.head labels)
        equal (20, "00:15") (List.item 1 labels)

        for place, label in List.tail labels do
            let time = times[place] / minute % 1_440L
            equal (sprintf "%02d:%02d" (time / 60L) (time % 60L)) label

    [<Test>]
    member _.``labels never touch, whatever is missing and however long a column is``() =
        let scene =
            gen {
                let! start = Gen.choose (0, 10_000_000)
                let! gaps = Gen.nonEmptyListOf (Gen.frequency [ 9, Gen.constant 1; 1, Gen.choose (1, 5_000) ])
                let! length = Gen.elements [ 1L; 5L; 60L; 1_440L ]

                return
                    gaps
                    |> List.scan (fun time gap -> time + int64 gap * length * minute) (int64 start * minute)
            }

        let law (times: int64 list) =
            let labels =
                [
                    for struct (place, label) in TimeLabels.Of(Array.ofList times) -> place, label
                ]

            labels
            |> List.forall (fun (place, label) -> place > 0 && place < times.Length && label.Length = 5)
            && labels |> List.pairwise |> List.forall (fun ((a, _), (b, _)) -> b - a >= 6)

        Check.QuickThrowOnFailure(Prop.forAll (Arb.fromGen scene) law)
