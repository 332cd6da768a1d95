namespace BtcBandit.Tests.Runner

open System
open System.Text

/// What a condition of a filter looks at.
type internal Field =
    /// `FullyQualifiedName`: the lists and the test, with `/` or with `.` between them.
    | Full
    /// `DisplayName`: the lists and the test, as they are printed.
    | Display
    /// `Name`: the test without its lists.
    | Own

/// An expression of `--filter`.
type internal Filter =
    | Contains of Field * string
    | Equals of Field * string
    | Not of Filter
    | And of Filter * Filter
    | Or of Filter * Filter

/// Filters as `dotnet test` knows them: `FullyQualifiedName~text`, `=`, `!=`, `!~`, `&`, `|`, `!`, brackets and `\`. It
/// replaces the parser of VSTest's adapters, which understands no list of lists.
[<RequireQualifiedAccess>]
module internal Filter =

    let private special = @"\()&|=!~"

    let private fieldNamed (name: string) =
        match name.ToLowerInvariant() with
        | "fullyqualifiedname" -> Ok Full
        | "displayname" -> Ok Display
        | "name" -> Ok Own
        | _ -> Error $"'{name}' is no property of a test; there are FullyQualifiedName, DisplayName and Name"

    let private nameOf field =
        match field with
        | Full -> "FullyQualifiedName"
        | Display -> "DisplayName"
        | Own -> "Name"

    /// The texts of a test that a field stands for; a dot before the first list, so that `.XTests.` is that list alone.
    let private texts field (name: string list) =
        match field with
        | Full -> [ String.Join('/', name); "." + String.Join('.', name) ]
        | Display -> [ String.Join('/', name) ]
        | Own -> Option.toList (List.tryLast name)

    let rec matches (filter: Filter) (name: string list) : bool =
        match filter with
        | Contains(field, text) ->
            texts field name
            |> List.exists _.Contains(text, StringComparison.OrdinalIgnoreCase)
        | Equals(field, text) ->
            texts field name
            |> List.exists (fun found ->
                found.Equals(text, StringComparison.OrdinalIgnoreCase)
                || found.Equals("." + text, StringComparison.OrdinalIgnoreCase))
        | Not inner -> not (matches inner name)
        | And(left, right) -> matches left name && matches right name
        | Or(left, right) -> matches left name || matches right name

    /// The text of a filter; read again it is the same filter.
    let rec print (filter: Filter) : string =
        let escaped (text: string) =
            text
            |> Seq.mapi (fun place c ->
                // A blank at an end would be taken for layout.
                let isEnd = place = 0 || place = text.Length - 1
                if special.Contains c || c = ' ' && isEnd then $"\\{c}" else string c)
            |> String.concat ""

        match filter with
        | Contains(field, text) -> $"{nameOf field}~{escaped text}"
        | Equals(field, text) -> $"{nameOf field}={escaped text}"
        | Not(Contains(field, text)) -> $"{nameOf field}!~{escaped text}"
        | Not(Equals(field, text)) -> $"{nameOf field}!={escaped text}"
        | Not inner -> $"!({print inner})"
        | And(left, right) -> $"({print left})&({print right})"
        | Or(left, right) -> $"({print left})|({print right})"

    exception private Refused of string

    /// One pass from left to right; what is wrong ends it.
    type private Reader(expression: string) =
        let mutable at = 0

        let refuse message = raise (Refused message)
        let ended () = at >= expression.Length
        let sees (text: string) = String.CompareOrdinal(expression, at, text, 0, text.Length) = 0

        let skipBlanks () =
            while not (ended ()) && expression[at] = ' ' do
                at <- at + 1

        let takes text =
            skipBlanks ()

            if sees text then
                at <- at + text.Length
                true
            else
                false

        /// The text up to the next sign, without the escapes and without the blanks around it.
        let text () =
            skipBlanks ()
            let found = StringBuilder()
            let mutable kept = 0

            while not (ended ())
                  && (expression[at] = '\\' || not (special.Contains expression[at])) do
                let isEscaped = expression[at] = '\\'

                if isEscaped then
                    at <- at + 1

                    if ended () then
                        refuse @"a '\' stands at the end, and nothing follows that it could escape"

                found.Append expression[at] |> ignore

                if isEscaped || expression[at] <> ' ' then
                    kept <- found.Length

                at <- at + 1

            found.ToString(0, kept)

        let value () =
            match text () with
            | "" -> refuse $"a text is missing at position {at + 1}"
            | value -> value

        let condition () =
            let first = value ()

            let field () =
                match fieldNamed first with
                | Ok field -> field
                | Error message -> refuse message

            if takes "!=" then Not(Equals(field (), value ()))
            elif takes "!~" then Not(Contains(field (), value ()))
            elif takes "=" then Equals(field (), value ())
            elif takes "~" then Contains(field (), value ())
            else Contains(Full, first)

        member this.Either() : Filter =
            let mutable left = this.Both()

            while takes "|" do
                left <- Or(left, this.Both())

            left

        member private this.Both() =
            let mutable left = this.One()

            while takes "&" do
                left <- And(left, this.One())

            left

        member private this.One() : Filter =
            if takes "!" then
                Not(this.One())
            elif takes "(" then
                let inner = this.Either()

                if not (takes ")") then
                    refuse "a ')' is missing"

                inner
            else
                condition ()

        member this.All() =
            let filter = this.Either()
            skipBlanks ()

            if not (ended ()) then
                refuse
                    $@"'{expression[at]}' at position {at + 1} is not expected; write '\{expression[at]}' if it belongs to a name"

            filter

    /// A filter, or in one line what is wrong with the expression.
    let parse (expression: string) : Result<Filter, string> =
        try
            Ok(Reader(expression).All())
        with Refused message ->
            Error $"--filter '{expression}': {message}"
