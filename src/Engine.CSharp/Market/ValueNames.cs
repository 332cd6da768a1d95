namespace BtcBandit.Engine.Market;

/// <summary>Names of an enum's values in options and files.</summary>
/// <param name="named">Every value with its name, in the order shown.</param>
internal sealed class ValueNames<T>(params (T Value, string Name)[] named)
    where T : struct, Enum
{
    /// <summary>All names.</summary>
    public IReadOnlyList<string> All { get; } = [.. named.Select(pair => pair.Name)];

    /// <summary>Returns whether a value has a name.</summary>
    public bool Has(T value) => Array.Exists(named, pair => Equals(pair.Value, value));

    /// <summary>Returns the name of a value, or its number if it has none.</summary>
    public string Of(T value) => Has(value) ? named.First(pair => Equals(pair.Value, value)).Name : $"{value:D}";

    /// <summary>Looks up a value by its exact name.</summary>
    public bool TryParse(string? name, out T value)
    {
        var index = Array.FindIndex(named, pair => pair.Name == name);
        value = index < 0 ? default : named[index].Value;
        return index >= 0;
    }

    /// <summary>Returns the value of a name.</summary>
    /// <exception cref="ArgumentException">No value has that name.</exception>
    public T Parse(string? name) =>
        TryParse(name, out var value)
            ? value
            : throw new ArgumentException($"{name} is not one of {string.Join(' ', All)}", nameof(name));

    private static bool Equals(T one, T other) => EqualityComparer<T>.Default.Equals(one, other);
}
