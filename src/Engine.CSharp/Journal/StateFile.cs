using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Journal;

/// <summary>What <c>state.json</c> holds.</summary>
/// <param name="Schema">Version of this shape.</param>
/// <param name="TradesBytes">Bytes of trades.csv that the state accounts for.</param>
/// <param name="Run">The state.</param>
/// <param name="Arithmetic">Version of the last digits of what is computed; states from before it had a number are of the first.</param>
public sealed record StateDocument(
    int Schema,
    long TradesBytes,
    RunState Run,
    int Arithmetic = StateDocument.FirstArithmetic
)
{
    /// <summary>The arithmetic of states without a number.</summary>
    public const int FirstArithmetic = 1;
}

/// <summary><c>state.json</c>: written atomically, the one before kept as <c>.bak</c>, refused rather than guessed.</summary>
public static class StateFile
{
    /// <summary>The version this program writes.</summary>
    public const int Schema = 2;

    /// <summary>The arithmetic of this program: raised whenever the same candles give other last digits.</summary>
    public const int Arithmetic = 2;

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new FiniteNumbers() },
    };

    /// <summary>Reads a state; it is never changed.</summary>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="JournalException">Not readable, not a state, or newer than this program.</exception>
    public static StateDocument? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (
                json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("schema", out var property)
                || !property.TryGetInt32(out var schema)
            )
                throw Refusal(path, "it has no schema number", null);
            if (schema > Schema)
                throw new JournalException(
                    $"{path}: schema {schema} is newer than this program, which reads up to {Schema}; it is left as it is"
                );
            if (schema != Schema)
                throw Refusal(path, $"it has schema {schema}, this program reads {Schema}", null);
            var document = json.Deserialize<StateDocument>(options)!;
            return StateCheck.FirstFault(document) is { } fault ? throw Refusal(path, fault, null) : document;
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw Misfit(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{path} cannot be read: {FirstLine(error.Message)}", error);
        }
    }

    /// <summary>Replaces a state in one move: after a crash at any moment there is the old one or the new one, whole.</summary>
    /// <exception cref="IOException">It cannot be written; the old one stands.</exception>
    public static void Write(string path, StateDocument document)
    {
        var beside = path + ".tmp";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Write(file, document);
            file.Flush(flushToDisk: true);
        }

        if (File.Exists(path))
            File.Replace(beside, path, path + ".bak");
        else
            File.Move(beside, path);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a state as it stands in a file.</summary>
    internal static void Write(Stream target, StateDocument document) =>
        JsonSerializer.Serialize(target, document, options);

    /// <summary>What is said of a state whose parts do not fit each other.</summary>
    internal static JournalException Misfit(string path, Exception error) => Refusal(path, Reason(error), error);

    // The serializer's own words about constructors and positions are of no use to people, who are told what to do.
    private static string Reason(Exception error) =>
        error is InvalidDataException
        || (error is JsonException { Path: null } && error.GetType() == typeof(JsonException))
            ? FirstLine(error.Message)
        : error is JsonException { Path: { Length: > 1 } place } ? $"{place} is missing or not what it should be"
        : "it is no whole JSON of a state";

    internal static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];

    private static JournalException Refusal(string path, string reason, Exception? inner) =>
        new(
            $"{path} is not a state of this program: {reason}; it is left as it is: restore {Path.GetFileName(path)}.bak over it, or start anew with --fresh",
            inner!
        );

    /// <summary>Numbers that read back to the last bit; what is no number is no state.</summary>
    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (!double.IsFinite(value))
                throw new JsonException($"a number of the state became {value}");
            ExactNumbers.WriteTo(writer, value);
        }
    }

    // A rename is on the disk only when its folder is; Windows has no such call and needs none.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, 0);
        if (descriptor < 0)
            return;
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [DllImport("libc")]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
