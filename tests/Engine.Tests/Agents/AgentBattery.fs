namespace BtcBandit.Engine.Tests.Agents

open System
open System.IO
open System.Text.Json
open FsCheck
open FsCheck.FSharp
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// An agent does not do what every agent promises.
exception ClaimBroken of string

/// An agent to be judged: how it is made, and what it says of itself.
type Subject = {
    Name: string
    /// From a seed, a number of features, and what was learned before or null.
    Make: int64 -> int -> AgentState | null -> IAgent
    /// Whether its action values are net of known costs, which its contributions then leave out.
    KnowsCosts: bool
} with

    override subject.ToString() = subject.Name

/// What every agent promises, one function for each promise; nothing here knows an agent.
module Battery =
    let private features = 4
    let private actions = Enum.GetValues<TradeAction>()

    let private require (holds: bool) (message: string) =
        if not holds then
            raise (ClaimBroken message)

    /// Situations of every kind, and the corners of the features' cube.
    let private situations =
        let drawn = Gen.sampleWithSeed (Rnd 7UL) 50 240 (Seen.Arbitrary().Generator)

        let corners = [
            for sign in [ -5.0; 0.0; 5.0 ] do
                for unit in [ 0.0; 1e-300; 1e-3; 1e6 ] do
                    {
                        drawn[0] with
                            Features = Array.create features sign
                            UnitFraction = unit
                            MaySell = true
                            MayBuy = true
                    }
        ]

        Seq.append drawn corners |> Array.ofSeq

    let private normal stream (i: int) = CounterRandom.Normal(17L, stream, int64 i)
    let private actionOf (i: int) = enum<TradeAction>(int (CounterRandom.Bits(17L, 60, int64 i) % 3UL))

    let private learn (agent: IAgent) (i: int) (scale: float) =
        let seen = situations[i * 7 % situations.Length]
        let returns = Array.init agent.Horizons.Count (fun k -> scale * 1e-3 * normal (50 + k) i)
        let action = if i % 5 = 0 then Nullable() else Nullable(actionOf i)
        Thompson.learnOf agent seen.Features seen.UnitFraction returns action seen.Exposure seen.CostFraction

    let private chooseAt (agent: IAgent) (i: int) =
        let move = if i % 9 = 0 then ValueNone else ValueSome(1e-3 * normal 70 i)
        Thompson.chooseAfter move agent { situations[i % situations.Length] with OpenTime = int64 i * 60_000L }

    /// A run over situations: learned, observed, chosen.
    let private play (agent: IAgent) first count = [
        for i in first .. first + count - 1 do
            learn agent i 1.0
            chooseAt agent i
    ]

    let private trained (subject: Subject) seed =
        let agent = subject.Make seed features null
        play agent 0 300 |> ignore
        agent

    let private json (agent: IAgent) = JsonSerializer.Serialize(agent.Snapshot())
    let private fromJson (text: string) = nonNull (JsonSerializer.Deserialize<AgentState> text)

    let private check (subject: Subject) (judge: Seen -> Decision -> unit) =
        for agent in [ subject.Make 1L features null; trained subject 1L ] do
            for seen in situations do
                judge seen (Thompson.choose agent seen)

    let sameSeedSameRun (subject: Subject) =
        let run () = play (subject.Make 5L features null) 0 400
        require (run () = run ()) "the same seed made two different runs"

    let onlyWhatIsOffered subject =
        check subject (fun seen choice ->
            require (not choice.Sell.Offered || seen.MaySell) $"sell was offered in {seen}"
            require (not choice.Buy.Offered || seen.MayBuy) $"buy was offered in {seen}"
            require choice[choice.Action].Offered $"{choice.Action} was chosen in {seen}")

    let private requireFinite where (choice: Decision) =
        for action in actions do
            let score = choice[action]

            require
                (Double.IsFinite score.Mean
                 && Double.IsFinite score.StandardDeviation
                 && Double.IsFinite score.Draw)
                $"a rating is {score} {where}"

            require (score.StandardDeviation >= 0.0) $"a deviation is negative: {score} {where}"

        require (Seq.forall Double.IsFinite choice.Contributions) $"a contribution is no number {where}"

        if choice.Propensities.HasValue then
            for action in actions do
                require (Double.IsFinite choice.Propensities.Value[action]) $"a propensity is no number {where}"

        if choice.Gate.HasValue then
            let gate = choice.Gate.Value
            require (Double.IsFinite gate.Evidence && Double.IsFinite gate.Required) $"a gate is {gate} {where}"

    let onlyNumbers subject = check subject (fun seen -> requireFinite $"in {seen}")

    let horizonIsOneOfItsOwn (subject: Subject) =
        let horizons = (subject.Make 1L features null).Horizons
        require (horizons.Count > 0 && Seq.forall (fun h -> h >= 1) horizons) "a horizon is below 1"

        check subject (fun _ choice ->
            require (Seq.contains choice.Horizon horizons) $"{choice.Horizon} candles are none of its horizons")

    let propensitiesAreProbabilities subject =
        check subject (fun seen choice ->
            if choice.Propensities.HasValue then
                let chances = choice.Propensities.Value
                let sum = actions |> Array.sumBy (fun action -> chances[action])
                require (abs (sum - 1.0) <= 1e-12) $"propensities sum to {sum} in {seen}"

                for action in actions do
                    let chance = chances[action]
                    require (chance >= 0.0 && chance <= 1.0 + 1e-12) $"a propensity is {chance}"
                    require (choice[action].Offered || chance = 0.0) $"{action} is not offered, its chance {chance}")

    /// Many seeds, the same knowledge, the same situations.
    let propensitiesAreFrequencies (subject: Subject) =
        let learned = (trained subject 1L).Snapshot()
        let asked = [| for i in 0..9 -> situations[i * 23] |]
        let counts = Array.init asked.Length (fun _ -> Array.zeroCreate<float> 3)
        let stated = Array.zeroCreate<Nullable<Propensities>> asked.Length
        let seeds = 1_500

        for seed in 1..seeds do
            let agent = subject.Make (int64 seed) features learned

            for i in 0 .. asked.Length - 1 do
                let choice = Thompson.choose agent asked[i]
                counts[i][int choice.Action] <- counts[i][int choice.Action] + 1.0
                stated[i] <- choice.Propensities

        for i in 0 .. asked.Length - 1 do
            if stated[i].HasValue then
                for action in actions do
                    let expected = stated[i].Value[action]
                    let seen = counts[i][int action] / float seeds
                    // Five standard deviations of a count.
                    let slack = 5.0 * sqrt (max 0.0 (expected * (1.0 - expected)) / float seeds) + 1e-9
                    require (abs (seen - expected) <= slack) $"{action}: {seen} of the draws, {expected} stated"

    let inputsAreLeftAlone (subject: Subject) =
        let agent = subject.Make 1L features null

        for i in 0..99 do
            let seen = situations[i]
            let before = Array.copy seen.Features
            let returns = Array.init agent.Horizons.Count (fun k -> 1e-3 * float (k + 1))
            let given = Array.copy returns
            Thompson.learnOf agent seen.Features seen.UnitFraction returns (Nullable TradeAction.Buy) 0.5 1e-3
            Thompson.choose agent seen |> ignore
            let isSame = (before, given) = (seen.Features, returns)
            Array.blit before 0 seen.Features 0 before.Length
            require isSame "it wrote into what it was given"

    let choosingTwiceIsTheSame subject =
        let agent = trained subject 1L

        for seen in situations do
            let first = Thompson.choose agent seen
            let before = json agent
            let situation = Thompson.situationOf seen ValueNone
            require (agent.Choose &situation = first) $"asked again it chose otherwise in {seen}"
            require (json agent = before) "choosing changed what it knows"

    let restoredIsTheSame (subject: Subject) =
        let never = trained subject 1L
        let original = trained subject 1L
        let text = json original
        let restored = subject.Make 1L features (fromJson text)
        let later = play never 300 300
        require (play original 300 300 = later) "taking a snapshot changed it"
        require (play restored 300 300 = later) "restored it chose otherwise"
        require (json restored = json never) "restored it learned otherwise"

    let staysFinite (subject: Subject) =
        let agent = subject.Make 1L features null

        for i in 1..10_000 do
            // Now and then something that no market does.
            learn agent i (if i % 100 = 0 then 1e303 else 1.0)

            if i % 50 = 0 then
                requireFinite $"after {i} outcomes" (chooseAt agent i)

        for i in 10_000..10_200 do
            requireFinite "after 10,000 outcomes" (chooseAt agent i)

        subject.Make 1L features (fromJson (json agent)) |> ignore

    let contributionsAddUp (subject: Subject) =
        check subject (fun seen choice ->
            if not choice.Contributions.IsEmpty then
                require (choice.Contributions.Length = seen.Features.Length) "not one contribution for each feature"
                let target = Actions.targetOf choice.Action seen.Exposure seen.FullExposure

                let cost =
                    if subject.KnowsCosts then
                        seen.CostFraction * abs (target - seen.Exposure)
                    else
                        0.0

                let sum = Seq.sum choice.Contributions - cost
                let mean = choice[choice.Action].Mean
                let scale = Seq.sumBy abs choice.Contributions + cost
                require (abs (sum - mean) <= 1e-12 * scale) $"contributions and cost come to {sum}, the mean is {mean}")

    let private refuses (subject: Subject) size (state: AgentState) what =
        let isRefused =
            try
                subject.Make 1L size state |> ignore
                false
            with :? InvalidDataException ->
                true

        require isRefused $"{what} was taken"

    let anothersStateIsRefused (subject: Subject) =
        let state = (trained subject 1L).Snapshot()
        refuses subject features (AgentState("another", state.State)) "the state of another agent"

    /// Without any one of its parts, and with each of them of another kind.
    let tornStateIsRefused (subject: Subject) =
        let state = (trained subject 1L).Snapshot()

        for part in state.State.EnumerateObject() do
            let changed keep (other: JsonElement) =
                let parts = Collections.Generic.Dictionary<string, JsonElement>()

                for one in state.State.EnumerateObject() do
                    if one.Name <> part.Name then
                        parts.Add(one.Name, one.Value)
                    elif keep then
                        parts.Add(one.Name, other)

                AgentState(state.Kind, JsonSerializer.SerializeToElement parts)

            refuses subject features (changed false part.Value) $"a state without {part.Name}"
            let word = JsonSerializer.SerializeToElement "word"
            refuses subject features (changed true word) $"a state with a word for {part.Name}"

    /// Only of agents whose state has the features' size.
    let wrongSizeIsRefused (subject: Subject) =
        let empty size = json (subject.Make 1L size null)

        if empty features <> empty (features + 1) then
            for size in [ features - 1; features + 1 ] do
                refuses subject size ((trained subject 1L).Snapshot()) $"a state of {features} features for {size}"

    let all = [
        "same seed, same run", sameSeedSameRun
        "only what is offered", onlyWhatIsOffered
        "only numbers", onlyNumbers
        "its own horizons", horizonIsOneOfItsOwn
        "propensities are probabilities", propensitiesAreProbabilities
        "propensities are frequencies", propensitiesAreFrequencies
        "inputs are left alone", inputsAreLeftAlone
        "choosing twice is the same", choosingTwiceIsTheSame
        "restored it is the same", restoredIsTheSame
        "stays finite over 10,000 outcomes", staysFinite
        "contributions add up", contributionsAddUp
        "another's state is refused", anothersStateIsRefused
        "a torn state is refused", tornStateIsRefused
        "a state of another size is refused", wrongSizeIsRefused
    ]
