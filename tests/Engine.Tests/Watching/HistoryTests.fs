namespace BtcBandit.Engine.Tests.Watching

open System
open NUnit.Framework
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type HistoryTests() =

    let historyOf capacity =
        let history = History capacity

        for step in Watched.steps.Value do
            history.OnNext step

        history

    let numbers (recall: Recall | null) = [ for step in (nonNull recall).Steps -> step.Number ]

    [<Test>]
    member _.``a moment has the steps asked for up to it, oldest first``() =
        let history = historyOf 1_000
        equal [ 598L; 599L; 600L ] (numbers (history.Now(Nullable(), 3)))
        equal [ 9L; 10L ] (numbers (history.Now(Nullable 10L, 2)))
        equal [ 1L; 2L ] (numbers (history.Now(Nullable 2L, 9)))
        equal [ 10L ] (numbers (history.Now(Nullable 10L, 0)))

    [<Test>]
    member _.``a step that is no longer kept gives the oldest one that is, and one to come the newest``() =
        let history = historyOf 100
        equal (struct (501L, 600L)) history.Range.Value
        equal [ 501L ] (numbers (history.Now(Nullable 5L, 10)))
        equal 600L (nonNull (history.Now(Nullable 5_000L, 1))).Step.Number
        equal 501L (nonNull (history.Now(Nullable(), 1))).Oldest

    [<Test>]
    member _.``a step whose number does not go on begins another run``() =
        let history = historyOf 1_000

        for step in List.truncate 5 Watched.steps.Value do
            history.OnNext step

        equal (struct (1L, 5L)) history.Range.Value
        let recall = history.Now(Nullable(), 9)
        equal [ 1L .. 5L ] (numbers recall)
        equal (5L, 5) ((nonNull recall).Mix.All, (nonNull recall).Curve.Count)
        Assert.That((nonNull recall).Trades, Is.All.Matches(fun (row: TradeRow) -> row.Step <= 5L))
        equal (605L, 5L) (history.Seen, history.Count)

    [<Test>]
    member _.``choices and executions of all steps are counted, however few are kept``() =
        let recall = nonNull ((historyOf 1).Now(Nullable(), 1))
        let steps = Watched.steps.Value
        equal 600L recall.Mix.All

        for action in Enum.GetValues() do
            let chosen = steps |> List.filter (fun step -> step.Decision.Action = action)
            equal (float chosen.Length / 600.0) recall.Mix[action]

        let fills = steps |> List.filter (fun step -> not (isNull step.Fill))
        equal [ for step in fills -> step.Number ] [ for row in recall.Trades -> row.Step ]
        equal 600 recall.Curve.Count

    [<Test>]
    member _.``a curve keeps its first point and an even pace, and never more than 1,024 points``() =
        let curve = Curve()

        for i in 0..9_999 do
            curve.Add(CurvePoint(float i, nan))

        let points = curve.ToArray()
        Assert.That(points.Length, Is.InRange(512, 1_024))
        equal [ for i in 0 .. points.Length - 1 -> float (16 * i) ] [ for point in points -> point.Equity ]

    [<Test>]
    member _.``a log keeps its last 200 lines under the numbers they had``() =
        let log = RunLog()

        for i in 1..250 do
            log.Add(RunNote.Remark(string i))

        let lines = log.ToArray()
        equal 250L log.Seen
        equal [ 51L .. 250L ] [ for line in lines -> line.Number ]
        equal (RunNote.Remark "51" :> RunNote) lines[0].Note
