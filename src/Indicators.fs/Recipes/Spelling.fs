namespace BtcBandit.Indicators

/// Suggestions for names that are not known.
[<RequireQualifiedAccess>]
module internal Spelling =

    /// Letters to insert, drop, change or swap with their neighbour on the way from one word to another.
    let private distance (from: string) (into: string) =
        let steps = Array2D.init (from.Length + 1) (into.Length + 1) (fun i j -> max i j)

        for i in 1 .. from.Length do
            for j in 1 .. into.Length do
                let change = if from[i - 1] = into[j - 1] then 0 else 1
                let smallest = min (min (steps[i, j - 1] + 1) (steps[i - 1, j] + 1)) (steps[i - 1, j - 1] + change)

                steps[i, j] <-
                    if i > 1 && j > 1 && from[i - 1] = into[j - 2] && from[i - 2] = into[j - 1] then
                        min smallest (steps[i - 2, j - 2] + 1)
                    else
                        smallest

        steps[from.Length, into.Length]

    /// The kind whose name, here or elsewhere, is nearest; none when a third of the letters would have to change.
    let nearest (recipes: IndicatorRecipe seq) (word: string) =
        let letters = word.ToLowerInvariant().Replace("-", "").Replace("_", "").Replace(" ", "")
        let distanceTo (struct (name: string, _)) = distance letters name

        let names =
            [
                // Kinds first: of two that are as near, the first is taken.
                for recipe in recipes -> struct (recipe.Kind, recipe.Kind)

                for recipe in recipes do
                    for name in recipe.OtherNames -> struct (name, recipe.Kind)
            ]

        let found = List.minBy distanceTo names
        let struct (_, kind) = found
        if distanceTo found <= max 1 (letters.Length / 3) then Some kind else None
