namespace BtcBandit.Indicators

/// What somebody may have meant who wrote a name that there is not.
[<RequireQualifiedAccess>]
module internal Spelling =

    /// Letters to insert, drop, change or swap with their neighbour on the way from one word to another.
    let private distance (from: string) (into: string) =
        let steps = Array2D.init (from.Length + 1) (into.Length + 1) (fun i j -> max i j)

        for i in 1 .. from.Length do
            for j in 1 .. into.Length do
                let change = if from[i - 1] = into[j - 1] then 0 else 1
                let least = min (min (steps[i, j - 1] + 1) (steps[i - 1, j] + 1)) (steps[i - 1, j - 1] + change)

                steps[i, j] <-
                    if i > 1 && j > 1 && from[i - 1] = into[j - 2] && from[i - 2] = into[j - 1] then
                        min least (steps[i - 2, j - 2] + 1)
                    else
                        least

        steps[from.Length, into.Length]

    /// What kinds are called elsewhere, each name with its kind.
    let private longNames =
        [
            for kind, others in
                [
                    "sma", "ma average movingaverage simple simplemovingaverage mean"
                    "ema", "exponential exponentialaverage exponentialmovingaverage"
                    "wma", "weighted weightedaverage weightedmovingaverage"
                    "bb", "bollinger bollingerband bollingerbands bband bbands band bands"
                    "vwap", "volumeweighted volumeweightedaverageprice"
                    "atr", "truerange averagetruerange volatility"
                    "trix", "tripleexponential tripleexponentialaverage"
                    "sar", "psar parabolic parabolicsar stopandreverse"
                    "supertrend", "trend"
                    "rsi", "relativestrength relativestrengthindex strength"
                    "macd", "convergence convergencedivergence movingaverageconvergencedivergence"
                    "stdev", "std deviation standarddeviation sigma"
                    "roc", "rateofchange change momentum"
                    "zscore", "standardscore"
                ] do
                for name in others.Split ' ' -> struct (name, kind)
        ]

    /// The kind whose name, here or elsewhere, is nearest; none when a third of the letters would have to change.
    let nearest (kinds: string seq) (word: string) =
        let letters = word.ToLowerInvariant().Replace("-", "").Replace("_", "").Replace(" ", "")
        let away (struct (name: string, _)) = distance letters name

        let found =
            // Kinds first: of two that are as near, the first is taken.
            Seq.append (kinds |> Seq.map (fun kind -> struct (kind, kind))) longNames
            |> Seq.minBy away

        let struct (_, kind) = found
        if away found <= max 1 (letters.Length / 3) then Some kind else None
