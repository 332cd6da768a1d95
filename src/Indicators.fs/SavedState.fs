namespace BtcBandit.Indicators

open System.Diagnostics.CodeAnalysis
open System.Reflection
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open BtcBandit.Indicators.Numerics

/// Reads and writes states whose fields are found by reflection.
module internal Reflected =

    [<Literal>]
    let Needs =
        "The fields of a state are found by reflection. Runs of the catalogue's entries do without: save those in trimmed and native programs."

    let private nameInCode (property: JsonPropertyInfo) =
        match property.AttributeProvider with
        | :? MemberInfo as found -> found.Name
        | _ -> property.Name

    // A record of F# has a field "Name@" behind its property "Name". Where the property can be set it is enough: written
    // both, a state of states would double with each level.
    let private onceEach (info: JsonTypeInfo) =
        let isEnough (field: JsonPropertyInfo) =
            field.Name.EndsWith('@')
            && info.Properties
               |> Seq.exists (fun other -> nameInCode other + "@" = field.Name && not (isNull other.Set))

        for field in info.Properties |> Seq.filter isEnough |> Seq.toArray do
            info.Properties.Remove field |> ignore

    // Made when it is first needed: nothing of the built-in indicators asks for it.
    let private madeOnce =
        lazy
            (let resolver = DefaultJsonTypeInfoResolver()
             resolver.Modifiers.Add onceEach
             let options = JsonSerializerOptions(IncludeFields = true, TypeInfoResolver = resolver)
             options.Converters.Add(ExactNumbers())
             options.MakeReadOnly(populateMissingResolver = true)
             options)

    // The options do nothing by themselves: whoever hands them to the serialiser is warned by it.
    [<UnconditionalSuppressMessage("Trimming", "IL2026"); UnconditionalSuppressMessage("AOT", "IL3050")>]
    let options () = madeOnce.Value

    [<RequiresUnreferencedCode(Needs); RequiresDynamicCode(Needs)>]
    let writeTo (writer: Utf8JsonWriter) (state: 'State) = JsonSerializer.Serialize(writer, state, options ())

    [<RequiresUnreferencedCode(Needs); RequiresDynamicCode(Needs)>]
    let write (state: 'State) = JsonSerializer.SerializeToElement(state, options ())

    /// Null is a state where the type allows it, for instance "nothing yet" as None; elsewhere the serialiser refuses it.
    [<RequiresUnreferencedCode(Needs); RequiresDynamicCode(Needs)>]
    let read<'State> (json: JsonElement) : 'State =
        match json.Deserialize(typeof<'State>, options ()) with
        | null -> Unchecked.defaultof<'State>
        | state -> unbox<'State> state

/// <summary>States of any type as JSON, to the last bit.</summary>
/// <remarks>
/// The fields of a state are found by reflection, so this serves states of your own. Entries of the catalogue and runs of a
/// feature set save themselves without it.
/// </remarks>
[<AbstractClass; Sealed>]
type SavedState =

    /// <summary>The serialiser's options with which <c>Save</c> writes a state and <c>Restore</c> reads it.</summary>
    /// <remarks>
    /// They differ from the serialiser's defaults in two ways: fields are kept too, or a tuple would be <c>{}</c>, and numbers
    /// come back to the last bit, infinities and NaN included. Read-only; add converters of yours to a copy.
    /// </remarks>
    static member Options = Reflected.options ()
