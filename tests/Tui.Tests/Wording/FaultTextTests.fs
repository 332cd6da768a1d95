namespace BtcBandit.Tui.Tests.Wording

open System.Collections.Immutable
open NUnit.Framework
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Wording

/// What the terminal says of a plan, a session or files that cannot be used: what is wrong, and the flag that helps.
[<TestFixture>]
type FaultTextTests() =

    let source seed =
        MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, seed)

    let texts: (string * string) list =
        [
            FaultText.Of(PlanFault.NoModelPerAction "random"), "--model per-action: agent random has one model, shared"
            FaultText.Of(PlanFault.OrderTooSmall(0.001, 1_000.0, 5.0)),
            "--position-fraction 0.001 of --initial-cash 1000 is 1: the exchange takes no order below 5"
            FaultText.Of(PlanFault.BadIndicators("sma:0", "sma: period 0 is below 1")),
            "--indicators sma: period 0 is below 1"
            FaultText.Of(JournalFault.FolderUnwritable("data", "access denied")), "--data-dir "
            FaultText.Of(JournalFault.RowsMissing "data/trades.csv"), "or start anew with --fresh"
            FaultText.Of(SessionFault.OtherAgent("greedy", "random")), "--keep-learning: "
            FaultText.Of(SessionFault.OtherFeatures(ImmutableArray.Create "a", ImmutableArray.Create "b", "sma:3")),
            "pass --indicators sma:3"
            FaultText.Of(SessionFault.OtherCandles(60_000L, 2.0, 1.0, "data")), "or --fresh to begin anew"
            FaultText.Of(SessionNote.NewRun(true, [||], "data/runs/x")),
            "new run (--fresh); the run before is in data/runs/x"
            FaultText.Of(SessionNote.NewRun(false, [||], "x")),
            "new run (there is no state.json); the run before is in x"
            FaultText.Of(
                SessionNote.NewRun(
                    false,
                    [|
                        RunDifference(RunDifferenceKind.Parameter, "fee-bps", "10", "5")
                        RunDifference(RunDifferenceKind.Parameter, "seed", "1", "2")
                    |],
                    "x"
                )
            ),
            "new run (--fee-bps was 10, is 5, --seed was 1, is 2); the run before is in x"
            FaultText.Of(
                SessionNote.NewRun(false, [| RunDifference(RunDifferenceKind.Columns, "columns", "a", "b") |], "x")
            ),
            "new run (columns were a, are b); the run before is in x"
            FaultText.Of(SessionNote.Continuing(source 1L, 7L)), "after step 7"
        ]

    [<Test>]
    member _.``each says what is wrong and names the flag that helps``() =
        for text, expected in texts do
            Assert.That(text, Does.Contain expected)

    [<Test>]
    member _.``each is one sentence of words, not a record``() =
        for text, _ in texts do
            Assert.That(text, Does.Not.Contain "\n")
            Assert.That(text, Does.Not.Contain " { ")
