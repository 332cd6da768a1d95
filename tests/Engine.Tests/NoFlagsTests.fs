namespace BtcBandit.Engine.Tests

open System.IO
open System.Text
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

/// The texts in C# source, comments left out. Holes of interpolated texts are code, with texts of their own.
module private Literals =

    /// Reads code from an index to the end, or to the brace that closes a hole; gives the index after it.
    let rec private code (source: string) (texts: ResizeArray<string>) (start: int) =
        let starts (text: string) (index: int) = System.String.CompareOrdinal(source, index, text, 0, text.Length) = 0

        let after (text: string) (index: int) =
            match source.IndexOf(text, index) with
            | -1 -> source.Length
            | found -> found + text.Length

        let rec read index depth =
            if index >= source.Length then
                index
            elif starts "//" index then
                read (after "\n" index) depth
            elif starts "/*" index then
                read (after "*/" index) depth
            elif starts "'\\" index then
                read (after "'" (index + 3)) depth
            elif starts "'" index then
                read (index + 3) depth
            elif starts "\"\"\"" index then
                let last = after "\"\"\"" (index + 3)
                texts.Add source[index .. last - 1]
                read last depth
            elif starts "\"" index then
                read (literal source texts index) depth
            elif source[index] = '{' then
                read (index + 1) (depth + 1)
            elif source[index] = '}' && depth = 0 then
                index + 1
            elif source[index] = '}' then
                read (index + 1) (depth - 1)
            else
                read (index + 1) depth

        read start 0

    /// Reads a text from its opening quote on; gives the index after its closing one.
    and private literal (source: string) (texts: ResizeArray<string>) (start: int) =
        let before = Regex.Match(source[max 0 (start - 2) .. start - 1], @"[$@]*$").Value
        let isHole, isVerbatim = before.Contains '$', before.Contains '@'
        let text = StringBuilder()

        let rec read (index: int) =
            match source[index], (if index + 1 < source.Length then source[index + 1] else ' ') with
            | '\\', _ when not isVerbatim -> read (index + 2)
            | '"', '"' when isVerbatim -> read (index + 2)
            | '"', _ -> index + 1
            | '{', '{' -> read (index + 2)
            | '{', _ when isHole -> read (code source texts (index + 1))
            | letter, _ ->
                text.Append letter |> ignore
                read (index + 1)

        let last = read (start + 1)
        texts.Add(text.ToString())
        last

    let ofSource (source: string) =
        let texts = ResizeArray()
        code source texts 0 |> ignore
        List.ofSeq texts

/// The engine serves a command line, a web page and other people's programs: only the first has flags.
module NoFlagsTests =

    let private flags source = [
        for text in Literals.ofSource source do
            if Regex.IsMatch(text, "--[a-z]") then
                text
    ]

    let private sources () =
        Directory.EnumerateFiles(Repository.path "src/Engine.CSharp", "*.cs", SearchOption.AllDirectories)
        |> Seq.filter (fun file -> not (Regex.IsMatch(file, @"[\\/](bin|obj)[\\/]")))

    [<Tests>]
    let tests =
        testList "NoFlagsTests" [
            testCase "no text of the engine names a flag"
            <| fun () ->
                let found = [|
                    for file in sources () do
                        for text in flags (File.ReadAllText file) do
                            $"{Path.GetFileName file}: {text}"
                |]

                isEmpty found

            testCase "the sources are found"
            <| fun () -> isAbove 50 (Seq.length (sources ()))

            cases "a flag in a literal is found" [
                "throw new X(\"pass --sort\");"
                "$\"a {(fresh ? \"--fresh\" : other)} b\""
                "\"http://x --data\""
                "'\"' + \"\\\"--two\" // three"
                "@\"\"\"--two\""
                "\"\"\" \" --raw \"\"\""
            ]
            <| fun (source: string) -> isNotEmpty (flags source)

            cases "other hyphens are not" [
                "$\"{count--left}\""
                "/// <c>--json</c>\nvar x = \"y\";"
                "if (--left == 0) return \"z\".Length;"
                "while (left-- > 0) { }"
                "\"a -- b\""
            ]
            <| fun (source: string) -> isEmpty (flags source)
        ]
