namespace BtcBandit.Sweep.Spec;

/// <summary>Values of parameters by name, as flags take them.</summary>
/// <param name="Values">Names and values, in the order of the spec.</param>
public sealed record Setting(IReadOnlyList<KeyValuePair<string, string>> Values)
{
    /// <summary>The setting in which every parameter has its default.</summary>
    public static Setting Empty { get; } = new([]);

    /// <summary>Returns the setting with one more value.</summary>
    public Setting With(string name, string value) => new([.. Values, new(name, value)]);

    /// <summary>Returns the setting without the parameters of these names.</summary>
    public Setting Without(IReadOnlyCollection<string> names) =>
        new([.. Values.Where(value => !names.Contains(value.Key))]);

    /// <inheritdoc/>
    public bool Equals(Setting? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, (hash, value) => HashCode.Combine(hash, value.Value));

    /// <inheritdoc/>
    public override string ToString() =>
        Values.Count == 0 ? "defaults" : string.Join(' ', Values.Select(value => $"{value.Key} {value.Value}"));
}
