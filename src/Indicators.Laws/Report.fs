namespace BtcBandit.Indicators.Laws

open System

/// <summary>The result of trying one law.</summary>
[<NoComparison; NoEquality>]
type Verdict =
    {
        /// The law that was tried.
        Law: Law
        /// The law that the counterexample is about: totality when the indicator threw, purity when the same candles gave
        /// other outputs the second time; else the law that was tried.
        Breaks: Law
        /// Cases tried; 0 when the law does not apply.
        Cases: int
        /// What the subject would have to claim for the law to apply; empty when it does.
        Missing: string
        /// The shrunk counterexample with its table; empty when the law holds or does not apply.
        Message: string
    }

    /// <summary>Whether a counterexample was found.</summary>
    member verdict.IsBroken = verdict.Message <> ""

    /// Whether the law that was tried is the one that is broken.
    member internal verdict.IsOwn = verdict.IsBroken && verdict.Breaks.Number = verdict.Law.Number

/// <summary>An indicator breaks a law. The message holds the law, the seed and the shrunk counterexample.</summary>
[<Sealed>]
type LawBrokenException(law: Law, message: string) =
    inherit Exception(message)

    /// <summary>The law that is broken.</summary>
    member _.Law = law

/// <summary>The results of trying all laws.</summary>
[<Sealed>]
type LawReport internal (subject: string, seed: uint64, tried: Verdict[]) =

    /// A law may turn out broken while another one is tried; the finding goes to the law it is about.
    let own (verdict: Verdict) =
        if verdict.IsOwn then
            verdict
        else
            tried
            |> Array.tryFind (fun other -> other.IsBroken && other.Breaks.Number = verdict.Law.Number)
            |> Option.map (fun other -> { verdict with Breaks = verdict.Law; Message = other.Message })
            |> Option.defaultValue verdict

    let verdicts = tried |> Array.map own

    /// <summary>The name of the subject.</summary>
    member _.Subject = subject

    /// <summary>The seed; the same seed gives the same report.</summary>
    member _.Seed = seed

    /// <summary>One for each law, in their order.</summary>
    member _.Verdicts = verdicts

    /// <summary>Whether no law that applies was broken.</summary>
    member _.Holds = verdicts |> Array.forall (fun verdict -> not verdict.IsBroken)

    /// <summary>One line for each law, and the counterexamples.</summary>
    override _.ToString() =
        let line (verdict: Verdict) =
            let law = $"{verdict.Law.Number, 2} {verdict.Law.Name, -10}"

            if verdict.IsOwn then
                $"{law}  BROKEN\n\n{verdict.Message}\n"
            elif verdict.IsBroken then
                $"{law}  not decided, it breaks law {verdict.Breaks.Number}, {verdict.Breaks.Name}"
            elif verdict.Missing <> "" then
                $"{law}  not tried, needs {verdict.Missing}"
            else
                $"{law}  holds, cases: {verdict.Cases}"

        String.concat "\n" (Seq.append [ $"{subject}, seed {seed}" ] (Seq.map line verdicts))
