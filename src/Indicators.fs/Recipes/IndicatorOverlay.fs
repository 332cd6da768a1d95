namespace BtcBandit.Indicators

open System

/// <summary>Which of a chart's colours an overlay takes.</summary>
type OverlayTone =
    | Accent = 0
    | Second = 1
    | Third = 2
    | Muted = 3
    | Warning = 4

/// <summary>How an indicator is drawn over the prices. One without an overlay has a pane of its own.</summary>
type IndicatorOverlay =
    {
        /// The key that shows and hides the group; one that does nothing else in the dashboard.
        Key: char
        /// The group's name, for instance "averages": its overlays are shown and hidden together.
        Group: string
        /// The character that a text screen draws it with; if it is not ASCII, the screen knows a substitute for it.
        Glyph: char
        /// The colour.
        Tone: OverlayTone
        /// Whether it stays so close to the prices that their axis makes room for it; wide bands would press candles flat.
        StaysNear: bool
        /// The outputs that are prices, counted from 0.
        Outputs: int[]
    }

    /// <summary>An overlay of the first output, for which the price axis makes no room.</summary>
    static member Of(key: char, group: string, glyph: char, tone: OverlayTone) =
        {
            Key = key
            Group = group
            Glyph = glyph
            Tone = tone
            StaysNear = false
            Outputs = [| 0 |]
        }

/// <summary>How long an indicator remembers.</summary>
[<Struct>]
type IndicatorMemory =
    {
        /// Candles that decide an output entirely; null where older ones fade and never quite vanish.
        Window: Nullable<int>
        /// Whether the past loses its weight at all; a sum since the first candle keeps it.
        Forgets: bool
    }

    /// <summary>So many candles decide an output entirely.</summary>
    static member Of(candles: int) = { Window = Nullable candles; Forgets = true }

    /// <summary>Older candles count less and less, as in an exponential average.</summary>
    static member Fading = { Window = Nullable(); Forgets = true }

    /// <summary>Every candle since the first counts for ever.</summary>
    static member Endless = { Window = Nullable(); Forgets = false }
