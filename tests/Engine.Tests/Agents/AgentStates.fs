/// States of agents that are written in F#, which has no generated JSON metadata.
module BtcBandit.Engine.Tests.Agents.AgentStates

open System.Text.Json
open System.Text.Json.Serialization.Metadata
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents

let private options =
    let options =
        JsonSerializerOptions(
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = DefaultJsonTypeInfoResolver()
        )

    options.Converters.Add(ExactNumbers())
    options

let private info<'state> = options.GetTypeInfo typeof<'state> :?> JsonTypeInfo<'state>

/// The state of an agent.
let write (kind: string) (state: 'state) = AgentState.Of(kind, state, info<'state>)

/// What `write` wrote, or an agent of the engine.
let read<'state when 'state: not struct and 'state: not null> (kind: string) (state: AgentState) : 'state =
    state.Read(kind, info<'state>)
