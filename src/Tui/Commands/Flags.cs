using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>Makes options whose errors name the flag, the value and what is accepted.</summary>
internal static class Flags
{
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static Option<string> Text(string name, string argument, string description, string? defaultValue) =>
        WithDefault(new Option<string>(name) { Description = description, HelpName = argument }, defaultValue);

    public static Option<string?> Optional(string name, string argument, string description) =>
        new(name) { Description = description, HelpName = argument };

    public static Option<int?> Count(string name, string description, int min, int max, string? shownDefault) =>
        new(name)
        {
            Description = Describe(description, shownDefault),
            HelpName = "N",
            CustomParser = result =>
                Parse(result, $"a whole number from {min} to {max}", text => ParseInt(text, min, max)),
        };

    /// <summary>The option that limits the number of threads.</summary>
    public static Option<int?> Threads() =>
        Count("--threads", "Threads to use at most", 1, 1_024, "one for each processor");

    public static Option<long> Seed(string name, string description, long defaultValue) =>
        WithDefault(
            new Option<long>(name)
            {
                Description = description,
                HelpName = "N",
                CustomParser = result => Parse(result, "a whole number", ParseLong) ?? 0,
            },
            defaultValue
        );

    public static Option<double?> Number(
        string name,
        string argument,
        string description,
        double min,
        double max,
        string shownDefault
    ) =>
        new(name)
        {
            Description = Describe(description, shownDefault),
            HelpName = argument,
            CustomParser = result =>
                Parse(result, Invariant($"a number from {min} to {max}"), text => ParseDouble(text, min, max)),
        };

    /// <summary>The option that takes a list of indicators.</summary>
    public static Option<string> Indicators(string description)
    {
        var option = Text("--indicators", "LIST", description, Catalogue.Default);
        option.Validators.Add(result =>
        {
            if (!Catalogue.BuiltIn.TryParse(result.GetValueOrDefault<string>() ?? "", out _, out var error))
                result.AddError($"{option.Name} {error}");
        });
        return option;
    }

    /// <summary>Refuses values that are not accepted, in one line that names the flag and the value.</summary>
    public static void Check(Option option, Func<string, bool> accepted, string message) =>
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text)
                return;
            // Where a value was forgotten, the parser takes the next flag for it.
            if (text.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"{option.Name}: a value is needed before {text}");
            else if (!accepted(text))
                result.AddError($"{option.Name} {(string.IsNullOrWhiteSpace(text) ? $"'{text}'" : text)}: {message}");
        });

    /// <summary>Refuses paths without a name.</summary>
    public static void CheckPaths(Option<string[]> option) =>
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value)) is { } blank)
                result.AddError($"{option.Name} '{blank.Value}': the path of a file or folder is needed");
        });

    /// <summary>Returns the first of some flags that was passed; null if none was.</summary>
    public static string? Given(CommandResult result, IReadOnlyList<string> names) =>
        result
            .Children.OfType<OptionResult>()
            .FirstOrDefault(option => !option.Implicit && names.Contains(option.Option.Name, StringComparer.Ordinal))
            ?.Option.Name;

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static Option<T> WithDefault<T>(Option<T> option, T? value)
    {
        if (value is not null)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    private static string Describe(string description, string? shownDefault) =>
        shownDefault is null ? description : $"{description} [default: {shownDefault}]";

    private static T? Parse<T>(ArgumentResult result, string accepted, Func<string, T?> read)
        where T : struct
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text.StartsWith("--", StringComparison.Ordinal))
        {
            result.AddError(
                $"{(result.Parent as OptionResult)?.IdentifierToken?.Value}: a value is needed before {text}"
            );
            return null;
        }

        var value = read(text);
        if (value is null)
            result.AddError($"{(result.Parent as OptionResult)?.IdentifierToken?.Value} {text}: {accepted} is needed");
        return value;
    }

    private static int? ParseInt(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= min
        && value <= max
            ? value
            : null;

    private static long? ParseLong(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? ParseDouble(string text, double min, double max) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value >= min
        && value <= max
            ? value
            : null;
}
