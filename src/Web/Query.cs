using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>Reads the parameters of a request; the first one that is not accepted is the fault.</summary>
/// <param name="request">The request.</param>
internal sealed class Query(HttpRequest request)
{
    /// <summary>What is wrong, in one sentence; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads a whole number; null if it is not given.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="min">Minimum value.</param>
    /// <param name="max">Maximum value.</param>
    public long? Whole(string name, long min, long max)
    {
        var values = request.Query[name];
        if (values.Count == 0)
            return null;
        if (
            values is [{ } text]
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min
            && value <= max
        )
            return value;
        Fault ??= FormattableString.Invariant($"{name} must be one whole number from {min} to {max}.");
        return null;
    }

    /// <summary>Reads a text; null if it is not given or empty.</summary>
    /// <param name="name">Name of the parameter.</param>
    public string? Text(string name)
    {
        var values = request.Query[name];
        if (values.Count > 1)
            Fault ??= $"{name} may be given once.";
        return values is [{ Length: > 0 } text] ? text : null;
    }

    /// <summary>Refuses a parameter that was read.</summary>
    public void Refuse(string fault) => Fault ??= fault;
}
