namespace BtcBandit.Tui.Tests.Gui.Output

open System

/// A terminal as small as our output needs: it knows the sequences we send and refuses all others.
type Emulator(width: int, height: int) =
    let mutable cells = Array2D.create height width (' ', "")
    let mutable x, y, style, waits = 0, 0, "", false

    member val CursorIsVisible = true with get, set
    member val IsAlternate = false with get, set

    /// What each place shows; an empty place looks the same in every style.
    member _.Picture = [
        for row in 0 .. Array2D.length1 cells - 1 ->
            [ for column in 0 .. Array2D.length2 cells - 1 -> cells[row, column] ]
    ]

    member _.Lines = [|
        for row in 0 .. Array2D.length1 cells - 1 ->
            String [| for column in 0 .. Array2D.length2 cells - 1 -> fst cells[row, column] |]
    |]

    /// As terminals do on the alternate screen: what fits stays, new places are empty.
    member _.Resize(width: int, height: int) =
        let before = cells

        cells <-
            Array2D.init height width (fun row column ->
                if row < Array2D.length1 before && column < Array2D.length2 before then
                    before[row, column]
                else
                    (' ', ""))

        x <- min x (width - 1)
        y <- min y (height - 1)
        waits <- false

    member this.Write(text: string) =
        let mutable i = 0

        while i < text.Length do
            if text[i] = '\u001b' then
                let start = i + 2
                i <- start

                while not (Char.IsAsciiLetter text[i]) do
                    i <- i + 1

                this.Sequence(text[start .. i - 1], text[i])
            else
                this.Put text[i]

            i <- i + 1

    member private _.Put glyph =
        if glyph < ' ' then
            failwith $"control character {int glyph}"

        if waits then
            failwith "a line was wrapped"

        cells[y, x] <- (glyph, (if glyph = ' ' then "" else style))

        if x = Array2D.length2 cells - 1 then waits <- true else x <- x + 1

    member private this.Sequence(parameters, final) =
        match final, parameters with
        | 'H', place ->
            let parts = place.Split ';'
            y <- int parts[0] - 1
            x <- int parts[1] - 1
            waits <- false
        | 'G', column ->
            x <- int column - 1
            waits <- false
        | 'J', "2" -> cells <- Array2D.create (Array2D.length1 cells) (Array2D.length2 cells) (' ', "")
        | 'm', "0" -> style <- ""
        | 'm', codes -> style <- codes
        | ('h' | 'l'), "?2026" -> ()
        | 'h', "?1049" -> this.IsAlternate <- true
        | 'l', "?1049" -> this.IsAlternate <- false
        | 'h', "?25" -> this.CursorIsVisible <- true
        | 'l', "?25" -> this.CursorIsVisible <- false
        | _ -> failwith $"unknown sequence {parameters}{final}"
