/// Rows that no run has made.
module BtcBandit.Sweep.Tests.Store.Rows

open System
open BtcBandit.Sweep.Runs

/// What a test says of a row; the rest is alike for all.
type Made = {
    Key: string
    Symbol: string
    Timeframe: string
    Setting: string
    Seed: int64
    Fee: float
    Window: Window
    Error: string | null
    Train: PartResult | null
    Test: PartResult | null
    Growth: GrowthSeries | null
}

let day = 86_400_000L

let part (total: float) (sharpe: float) (trades: int64) =
    PartResult(
        1_000L,
        total,
        Nullable 0.02,
        0.1,
        Nullable sharpe,
        Nullable(2.0 * sharpe),
        trades,
        trades / 2L,
        Nullable 0.5,
        Nullable 1.5,
        3.0,
        1.0,
        Nullable 0.25,
        7.0,
        0.04
    )

let growth = GrowthSeries(10L, [| 0.01f; -0.02f; 0.0f |], [| 0.5f; 0.25f; -0.125f |])

let usual = {
    Key = "key"
    Symbol = "BTC/USDT"
    Timeframe = "1m"
    Setting = "setting"
    Seed = 1L
    Fee = 10.0
    Window = Window(0L, 0L, 100L * day)
    Error = null
    Train = null
    Test = part 0.1 1.0 20L
    Growth = growth
}

let rowOf (made: Made) =
    RunRow(
        Key = made.Key,
        Code = "code",
        Data = "data",
        Symbol = made.Symbol,
        Timeframe = made.Timeframe,
        Window = made.Window,
        Setting = made.Setting,
        FeeBps = made.Fee,
        SlippageBps = 0.0,
        Seed = made.Seed,
        Error = made.Error,
        Train = made.Train,
        Test = made.Test,
        Growth = made.Growth
    )

let row key = rowOf { usual with Key = key }

/// The row of a run as it would be if that run had failed.
let failed (message: string) (row: RunRow) =
    RunRow(
        Key = row.Key,
        Code = row.Code,
        Data = row.Data,
        Symbol = row.Symbol,
        Timeframe = row.Timeframe,
        Window = row.Window,
        Setting = row.Setting,
        FeeBps = row.FeeBps,
        SlippageBps = row.SlippageBps,
        Seed = row.Seed,
        Error = message
    )

/// The row of a planned run, with this test.
let planned (unit: PlannedUnit) (run: PlannedRun) test =
    rowOf {
        usual with
            Key = run.Key
            Symbol = unit.Market.Symbol
            Setting = RunKey.OfSetting run.Parameters
            Seed = run.Parameters.Seed
            Fee = run.Parameters.Costs.Buy.TakerFeeBps
            Window = unit.Window
            Test = test
    }
