namespace BtcBandit.Indicators

open System.Text.Json

/// Recipes of steps that are struct types: what the families are written with.
module internal Recipe =

    /// What a step makes.
    let made
        (format: StateFormat<'State>)
        (step: 'Step when 'Step: struct and 'Step :> IStep<'State, Candle, 'Out>)
        (id: string)
        =
        let from state = CandleRun<'Step, 'State, 'Out>(id, format, step, state) :> ColumnRun

        let restored saved =
            let state = format.ReadFrom(Labelled.stateOf id saved)

            if not (step.Accepts state) then
                raise (
                    JsonException(
                        "The saved state of "
                        + id
                        + " is damaged: no run of it has such counts or windows."
                    )
                )

            from state

        { WarmUp = step.WarmUp; Start = (fun () -> from step.Initial); Restore = restored }

    let madeOfCloses
        (format: StateFormat<'State>)
        (step: 'Step when 'Step: struct and 'Step :> IStep<'State, float, 'Out>)
        =
        made format (OfClose<'Step, 'State, 'Out> step)

    /// The first parameter is the window: so many candles decide an output entirely.
    let window (parameters: IndicatorParameters) = IndicatorMemory.Of(parameters.Period 0)

    /// Older candles count less and less.
    let fading (_: IndicatorParameters) = IndicatorMemory.Fading

    /// A recipe with one output, a period and no features; a family says with `with` what differs.
    let ofPeriod name period remembers make =
        {
            Name = name
            Accepted = [ IndicatorParameter.Period("period", period) ]
            OutputNames = [ "" ]
            CalledElsewhere = ""
            Rule = fun _ -> ValueNone
            Make = fun id parameters -> make parameters id
            Gives = fun _ -> []
            Remembers = remembers
            Drawn = ValueNone
        }
