namespace BtcBandit.Tui.Tests.Wording

open System
open System.Collections.Immutable
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Wording

/// What the terminal says of a plan, a session or files that cannot be used: what is wrong, and the flag that helps.
module FaultTextTests =

    let private source seed =
        MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, seed)

    let private row close volume = CandleRow(60_000L, close, close, close, close, volume)

    let private texts: (string * string) list = [
        FaultText.Of(PlanFault.NoModelPerAction "random"), "--model per-action: agent random has one model, shared"
        FaultText.Of(PlanFault.OrderTooSmall(0.001, 1_000.0, 5.0)),
        "--position-fraction 0.001 of --initial-cash 1000 is 1: the exchange takes no order below 5"
        FaultText.Of(PlanFault.BadIndicators("sma:0", "sma: period 0 is below 1")),
        "--indicators sma: period 0 is below 1"
        FaultText.Of(JournalFault.FolderUnwritable("data", "access denied")), "--data-dir "
        FaultText.Of(JournalFault.RowsMissing "data/trades.csv"), "or start anew with --fresh"
        FaultText.Of(
            SessionFault.OtherLearner(
                "data/state.json",
                RunDifference(RunDifferenceKind.Parameter, "Agent", "greedy", "random")
            )
        ),
        "data/state.json was learned with --agent greedy, not random; pass --agent greedy"
        FaultText.Of(SessionNote.LearnedBefore("data/state.json", Nullable())),
        "--keep-learning: starting with what data/state.json holds"
        FaultText.Of(SessionNote.LearnedBefore("data/learned.json", Nullable 60_000L)),
        "holds; candles up to 1970-01-01 00:01 UTC, the newest one that it has learned from, warm the indicators up"
        FaultText.Of(SessionNote.LearningGoesOn()), "--keep-learning has no effect on a run that goes on"
        FaultText.Of(SessionNote.LearningUnused "data/learned.json"),
        "data/learned.json, saved by btcbandit retrain, is not used: a new run starts with it only after --keep-learning"
        FaultText.Of(SessionFault.OtherCandles(60_000L, 2.0, 1.0, "data")), "or --fresh to begin anew"
        FaultText.Of(SessionNote.NewRun(true, [||], "data/runs/x")),
        "new run (--fresh); the run before is in data/runs/x"
        FaultText.Of(SessionNote.NewRun(false, [||], "x")), "new run (there is no state.json); the run before is in x"
        FaultText.Of(
            SessionNote.NewRun(
                false,
                [|
                    RunDifference(RunDifferenceKind.Parameter, "TakerFeeBps", "10", "5")
                    RunDifference(RunDifferenceKind.Parameter, "Seed", "1", "2")
                |],
                "x"
            )
        ),
        "new run (--fee-bps was 10, is 5, --seed was 1, is 2); the run before is in x"
        FaultText.Of(
            SessionNote.NewRun(false, [| RunDifference(RunDifferenceKind.Columns, "Columns", "a", "b") |], "x")
        ),
        "new run (columns were a, are b); the run before is in x"
        FaultText.Of(
            SessionNote.NewRun(false, [| RunDifference(RunDifferenceKind.Features, "Features", "a", "b") |], "x")
        ),
        "new run (features were a, are b); the run before is in x"
        FaultText.Of(SessionNote.NewRun(false, [| RunDifference(RunDifferenceKind.Source, "Source", "a", "b") |], "x")),
        "new run (source was a, is b); the run before is in x"
        FaultText.Of(SessionNote.NewRun(false, [| RunDifference(RunDifferenceKind.Other, "Other", "", "") |], "x")),
        "new run (its parameters differ); the run before is in x"
        FaultText.Of(PlanFault.OutOfRange("PosteriorScale", -1.5, "at least 0")),
        "--posterior-scale -1.5 is not at least 0"
        FaultText.Of(JournalFault.FolderInUse("data", null, "data/lock")),
        "--data-dir data is in use by another process"
        FaultText.Of(JournalFault.StateUnusable("data/state.json", "it is cut", Backup = "data/state.json.bak")),
        "it is left as it is: restore state.json.bak over it, or start anew with --fresh"
        FaultText.Of(JournalFault.StateUnusable("data/state.json", "it is cut", Backup = "real/state.json.bak"), true),
        "restore real/state.json.bak over it, or start anew with --fresh and without --keep-learning"
        FaultText.Of(JournalFault.StateUnusable("data/state.json", "it is cut")),
        "it is left as it is: start anew with --fresh"
        FaultText.Of(SessionFault.OtherMarket(0L, 60_000.5, 60_000L, 3_000.25, "data")),
        "the run of data ends at 60000.5 (1970-01-01 00:00 UTC) and the first new candle opens at 3000.25 (1970-01-01 00:01 UTC), too far apart for one market: these are other candles; pass those of the run, or --fresh to begin anew"
        FaultText.Of(SessionNote.CandlesMissing 1L),
        "1 candle is missing between the run's last candle and the first new one"
        FaultText.Of(SessionNote.CandlesMissing 7L),
        "7 candles are missing between the run's last candle and the first new one"
        FaultText.Of(SessionNote.RowsRemade("a.csv", 1L)), "a.csv: 1 byte after the last checkpoint is made again"
        FaultText.Of(SessionNote.RowsRemade("a.csv", 2L)), "a.csv: 2 bytes after the last checkpoint are made again"
        FaultText.Of(JournalFault.RowsTooShort("a.csv", 1L, 2L)), "a.csv has 1 byte where state.json accounts for 2"
        FaultText.Of(SessionNote.LastCandleRestated(row 60_000.0 1.0, row 60_100.5 3.0)),
        "the run's last candle, 1970-01-01 00:01 UTC, closes at 60100.5 in the source and at 60000 in the run: the run keeps what it traded on and continues with the next candle"
        FaultText.Of(SessionNote.LastCandleRestated(row 60_000.0 1.0, row 60_000.0 3.0)),
        "closes at 60000 in the source and at 60000 in the run (volume 3 and 1): "
        FaultText.Of(
            SessionNote.NothingTradeable(
                TradingLimit(TradingPair("SHIB", "USDT"), 0.00001234, 1_000.0, ExchangeRules.Default)
            )
        ),
        "no order is possible at 0.00001234 USDT: equity is 1000 USDT, and the exchange takes orders of at least 5 USDT and at most 9000 SHIB, in lots of 0.00001 SHIB"
        FaultText.Of(SessionNote.Continuing(source 1L, 7L)), "after step 7"
    ]

    let private noted note =
        let line = LogLine(1L, note)
        NoteText.Of &line

    /// Two runs that differ in every parameter, and in the maker's fee alone.
    let private differences =
        let header parameters = RunHeader(source 1L, parameters, ImmutableArray.Empty, ImmutableArray.Empty)
        let costs maker taker slippage = Costs(SideCosts(taker, maker, slippage), SideCosts(taker, maker, slippage))

        let other =
            RunParameters(
                Agent = "greedy",
                Indicators = "sma:3",
                Seed = 2L,
                Model = AgentModel.PerAction,
                Feedback = Feedback.Bandit,
                Horizon = Nullable 7,
                PosteriorScale = 0.5,
                Forgetting = 0.5,
                Evidence = 7.0,
                Fill = FillMoment.Close,
                PositionFraction = 0.5,
                History = 7,
                Costs = costs 10.0 20.0 2.0,
                CostModel = "my own",
                Rules = ExchangeRules(10.0, 10.0, 10.0, 10.0),
                InitialCash = 7.0
            )

        let between (now: RunParameters) = List.ofSeq (RunDifference.Between(header (RunParameters()), header now))

        for property in typeof<RunParameters>.GetProperties() do
            Expect.notEqual (property.GetValue other) (property.GetValue(RunParameters())) property.Name

        between other @ between (RunParameters(Costs = costs 5.0 10.0 1.0))

    [<Tests>]
    let tests =
        testList "FaultTextTests" [
            testCase "each says what is wrong and names the flag that helps"
            <| fun () ->
                for text, expected in texts do
                    contains expected text

            testCase "every flag that is named for a parameter exists, and no name of the engine is shown"
            <| fun () ->
                let help = (Programs.run [ "--help" ]).Out
                let flagsOf text = [ for flag in Regex.Matches(text, "--[a-z-]+") -> flag.Value ]
                let known = set (flagsOf help)

                let announced = [
                    for difference in differences do
                        equal RunDifferenceKind.Parameter difference.Kind
                        let text = FaultText.Of(SessionNote.NewRun(false, [| difference |], "x"))
                        lacks difference.Name text
                        contains $" was {difference.Before}, is {difference.Now})" text
                        yield! flagsOf text
                ]

                equal (21, 15) (differences.Length, announced.Length)
                isEmpty (announced |> List.filter (known.Contains >> not))

            testCase "an error has the same words on the dashboard as on stderr"
            <| fun () ->
                let folder = JournalException(JournalFault.FolderUnwritable("data", "access denied"))
                let feed = FeedException(FeedFault.OtherSymbol("a.csv", "ETHUSDT", "BTCUSDT"))

                for error, expected in
                    [
                        folder :> Exception, "--data-dir data cannot be written: access denied"
                        feed, "pass --symbol ETHUSDT to use it"
                        SessionException(SessionFault.OtherCandles(60_000L, 2.0, 1.0, "data")),
                        "or --fresh to begin anew"
                        AggregateException(feed, folder),
                        "to use it; then --data-dir data cannot be written: access denied"
                        InvalidOperationException "a\nb", "internal error: InvalidOperationException: a b"
                    ] do
                    contains expected (FaultText.Of error)
                    equal (FaultText.Of error) (noted (RunNote.Failed error))

            testCase "a request to save is not yet a save"
            <| fun () -> equal "save requested" (noted (RunNote.SaveRequested()))

            testCase "each is one sentence of words, not a record"
            <| fun () ->
                for text, _ in texts do
                    lacks "\n" text
                    lacks " { " text
        ]
