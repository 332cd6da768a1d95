using System.Globalization;
using System.Text.Json;

namespace BtcBandit.Sweep.Spec;

/// <summary>A place in the JSON of a spec.</summary>
/// <param name="Place">Names on the way to it, separated by dots.</param>
/// <param name="Element">What stands there.</param>
internal sealed record SpecNode(string Place, JsonElement Element)
{
    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public SweepException Wrong(string accepted)
    {
        var text = Element.GetRawText().ReplaceLineEnds();
        return new SweepException(
            $"{(Place.Length == 0 ? "the spec" : Place)}: {(text.Length > 60 ? text[..57] + "..." : text)}: {accepted}"
        );
    }

    public List<(string Name, SpecNode Node)> Members() =>
        IsObject
            ? [.. Element.EnumerateObject().Select(member => (member.Name, Below(member.Name, member.Value)))]
            : throw Wrong("an object is needed");

    public List<SpecNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list is needed");
        var items = Element
            .EnumerateArray()
            .Select((item, place) => Below(string.Create(CultureInfo.InvariantCulture, $"{place}"), item))
            .ToList();
        return items.Count > 0 ? items : throw Wrong("the list is empty");
    }

    /// <summary>The items of a list in which nothing stands twice.</summary>
    public List<SpecNode> Distinct()
    {
        var items = Items();
        return items.GroupBy(item => item.Element.GetRawText()).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw twice.Last().Wrong("is listed twice")
            : items;
    }

    public SpecNode? Member(string name) => Members().FirstOrDefault(member => member.Name == name).Node;

    public SpecNode Needed(string name) => Member(name) ?? throw new SweepException($"{Dotted(name)} is needed");

    public void ThrowUnlessOneOf(IReadOnlyCollection<string> names)
    {
        if (Members().Select(member => member.Name).FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new SweepException($"{Dotted(unknown)}: no such name: one of {string.Join(", ", names)} is needed");
        ThrowIfTwice();
    }

    public void ThrowIfTwice()
    {
        if (Members().GroupBy(member => member.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SweepException($"{Dotted(twice.Key)} is listed twice");
    }

    public int Whole(int least, int most) =>
        Element.ValueKind == JsonValueKind.Number
        && Element.TryGetInt32(out var value)
        && value >= least
        && value <= most
            ? value
            : throw Wrong(
                string.Create(CultureInfo.InvariantCulture, $"a whole number from {least:#,0} to {most:#,0} is needed")
            );

    public long Long() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var value)
            ? value
            : throw Wrong("a whole number is needed");

    public double Number(double least, double most) =>
        Element.ValueKind == JsonValueKind.Number
        && Element.TryGetDouble(out var value)
        && value >= least
        && value <= most
            ? value
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most} is needed"));

    public string Text(string accepted) =>
        Element.ValueKind == JsonValueKind.String && Element.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(accepted);

    /// <summary>A text or a number, as a flag takes it.</summary>
    public string Value() =>
        Element.ValueKind switch
        {
            JsonValueKind.String => Text("a value is needed"),
            JsonValueKind.Number => Element.GetRawText(),
            _ => throw Wrong("a text or a number is needed"),
        };

    public T OneOf<T>(IReadOnlyDictionary<string, T> values) =>
        Element.ValueKind == JsonValueKind.String && values.TryGetValue(Element.GetString()!, out var value)
            ? value
            : throw Wrong($"one of {string.Join(", ", values.Keys)} is needed");

    private SpecNode Below(string name, JsonElement element) => new(Dotted(name), element);

    private string Dotted(string name) => Place.Length == 0 ? name : $"{Place}.{name}";
}

/// <summary>Texts on one line.</summary>
file static class OneLine
{
    public static string ReplaceLineEnds(this string text) =>
        string.Join(' ', text.Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries));
}
