namespace BtcBandit.Engine.Tests.Journal

open System
open System.Globalization
open System.IO
open MathNet.Numerics.LinearAlgebra
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Audits a run from its files alone: the one in the folder BTCBANDIT_RUN, by default a short one.
module LongRunTests =

    let private number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    /// The largest error of cash + position x price = what it was + moves on the position - fees - slippage, in shares of
    /// equity, over all rows. Closes and opens follow from the rows; where nothing is held they do not matter.
    let private accountingError initialCash (rows: string seq) =
        let mutable expected = initialCash
        let mutable position = 0.0
        let mutable close = 0.0
        let mutable worst = 0.0
        let mutable count = 0L

        for row in rows do
            let cells = row.Split ','
            let cash, held, equity = number cells[8], number cells[9], number cells[10]
            let now = if held > 0.0 then (equity - cash) / held else close

            if cells[3] <> "" then
                let price, quantity = number cells[3], number cells[4]
                let fee, slippage = number cells[5], number cells[6]
                let side = if held > position then 1.0 else -1.0
                let fillOpen = price - side * slippage / quantity

                if position > 0.0 then
                    expected <- expected + position * (fillOpen - close)

                expected <- expected - fee - slippage

                if held > 0.0 then
                    expected <- expected + held * (now - fillOpen)
            elif held > 0.0 then
                expected <- expected + held * (now - close)

            worst <- max worst (abs (expected - equity) / equity)
            position <- held
            close <- now
            count <- count + 1L

        worst, count

    let private rows folder = File.ReadLines(Path.Combine(folder, "trades.csv")) |> Seq.skip 1

    let private audit folder =
        let run = (nonNull (StateFile.Read(Path.Combine(folder, "state.json")))).Run
        let worst, count = accountingError run.Statistics.InitialEquity (rows folder)
        equal run.Statistics.Steps count
        isBelow 1e-9 worst

        // Beside the rows: cash is what there was, and what closed and open positions took and gave.
        let cash =
            run.Statistics.InitialEquity + run.Portfolio.RealisedProfit
            - run.Portfolio.CostBasis

        isNear (1e-9 * run.Statistics.Equity) cash run.Portfolio.Cash

        for posterior in (AgentStates.read<HorizonExpertsState> "linear-ts" run.Agent).Mix.Posteriors do
            let factor = Matrix<float>.Build.DenseOfRowArrays posterior.Factor
            let covariance = factor * factor.Transpose()
            // Positive: a factorisation exists only then.
            let diagonal = covariance.Cholesky().Factor.Diagonal()
            all (fun one -> one > 0.0) diagonal
            holds (covariance.Enumerate() |> Seq.forall Double.IsFinite)
            holds (Seq.concat posterior.Means |> Seq.forall Double.IsFinite)

            holds (
                Seq.append posterior.Rates posterior.Shapes
                |> Seq.forall (fun v -> v > 0.0 && Double.IsFinite v)
            )

    let private shortRun folder =
        let parameters = BtcBandit.Engine.Trading.RunParameters(History = 100, Costs = Costs.Of(0.01, 0.01))

        Runs.run (Runs.planWith BtcBandit.Indicators.Catalogue.Default parameters 1L folder 5_000)
        |> ignore

    [<Tests>]
    let tests =
        testList "LongRunTests" [
            testCase "the money adds up to 1e-9 and the posterior is one"
            <| fun () ->
                match Environment.GetEnvironmentVariable "BTCBANDIT_RUN" with
                | null ->
                    use folder = new Temporary()
                    shortRun folder.Path
                    audit folder.Path
                | folder -> audit folder

            testCase "a fee that is not paid would be seen"
            <| fun () ->
                use folder = new Temporary()
                shortRun folder.Path
                let lines = rows folder.Path |> Array.ofSeq
                let at = lines |> Array.findIndexBack (fun row -> (row.Split ',')[3] <> "")
                let cells = lines[at].Split ','
                cells[5] <- (number cells[5] + 1e-5).ToString(CultureInfo.InvariantCulture)
                lines[at] <- String.Join(',', cells)
                isAbove 1e-9 (fst (accountingError 1_000.0 lines))
        ]
