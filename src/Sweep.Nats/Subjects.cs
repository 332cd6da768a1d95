using System.Buffers;

namespace BtcBandit.Sweep.Nats;

/// <summary>Names of streams and subjects. Whatever becomes part of a subject is checked here.</summary>
internal static class Subjects
{
    internal const string Jobs = "bandit-jobs";
    internal const string Results = "bandit-results";
    internal const string Files = "bandit-files";

    /// <summary>Header of a job: the hashes of its files, with commas.</summary>
    internal const string FilesHeader = "Bandit-Files";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> Token = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
    );

    internal static string Job(string code, string sweep, string key) => $"bandit.job.{code}.{sweep}.{key}";

    internal static string JobsOf(string code) => $"bandit.job.{code}.>";

    internal static string JobsOf(string code, string sweep) => $"bandit.job.{code}.{sweep}.*";

    internal static string Result(string code, string sweep, string kind, string key) =>
        $"bandit.result.{code}.{sweep}.{kind}.{key}";

    internal static string ResultsOf(string code, string sweep) => $"bandit.result.{code}.{sweep}.>";

    internal static string LostOf(string code, string sweep) => $"bandit.result.{code}.{sweep}.{ResultKind.Lost}.*";

    internal static string Hello(string code) => $"bandit.hello.{code}";

    internal static string FilePart(string hash, string part) => $"bandit.file.{hash}.{part}";

    /// <returns>The sweep and the key of a job's subject; null where it is not one.</returns>
    internal static (string Sweep, string Key)? ParseJob(string subject) =>
        subject.Split('.') is ["bandit", "job", _, var sweep, var key] && IsToken(sweep) && IsHash(key)
            ? (sweep, key)
            : null;

    /// <returns>The kind and the key of a result's subject; null where it is not one.</returns>
    internal static (string Kind, string Key)? ParseResult(string subject) =>
        subject.Split('.') is ["bandit", "result", _, _, var kind, var key, ..] && IsHash(key) ? (kind, key) : null;

    internal static bool IsHash(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(Hexadecimal);

    internal static bool IsToken(string text) =>
        text.Length is > 0 and <= 64 && !text.AsSpan().ContainsAnyExcept(Token);

    internal static void CheckToken(string text, string parameter)
    {
        if (!IsToken(text))
            throw new ArgumentException($"{parameter} is 1 to 64 letters, digits, - and _, not '{text}'.", parameter);
    }

    internal static void CheckHash(string text, string parameter)
    {
        if (!IsHash(text))
            throw new ArgumentException($"{parameter} is 64 lower-case hexadecimal digits, not '{text}'.", parameter);
    }
}
