using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Content of <c>state.json</c>.</summary>
/// <param name="Schema">Version of the file format.</param>
/// <param name="TradesBytes">Length of trades.csv at the time of the state, in bytes.</param>
/// <param name="Run">State of the run.</param>
/// <param name="Arithmetic">Version of the arithmetic, which decides the last digits; files without a number have
/// <see cref="FirstArithmetic"/>.</param>
internal sealed record StateDocument(
    int Schema,
    long TradesBytes,
    RunState Run,
    int Arithmetic = StateDocument.FirstArithmetic
)
{
    /// <summary>Arithmetic version of files that do not state one.</summary>
    public const int FirstArithmetic = 1;
}

/// <summary>Reads and writes <c>state.json</c>. Writing is atomic and keeps the previous file as <c>.bak</c>; a file with
/// any fault is refused.</summary>
internal static class StateFile
{
    /// <summary>Format version that this program writes.</summary>
    public const int Schema = 6;

    /// <summary>Arithmetic version of this program, raised whenever results change in their last digits.</summary>
    public const int Arithmetic = 4;

    private static readonly JsonDocumentOptions eachNameOnce = new() { AllowDuplicateProperties = false };

    /// <summary>Reads and checks a state; the file is not changed.</summary>
    /// <returns>The content; null if there is no such file.</returns>
    /// <exception cref="JournalException">The file is unreadable, not a valid state, or newer than this program.</exception>
    public static StateDocument? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            var document = Parse(path, BytesOf(path));
            return StateCheck.FirstFault(document) is { } fault ? throw Refusal(path, fault, null) : document;
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw Misfit(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(new JournalFault.StateUnreadable(path, FirstLine(error.Message)), error);
        }
    }

    // Shared in every way, because a run that writes the file may want to replace it meanwhile.
    private static byte[] BytesOf(string path)
    {
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0
        );
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static StateDocument Parse(string path, byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw Refusal(path, "it is not UTF-8 text", null);
        var document = JsonNode.Parse(bytes, null, eachNameOnce) as JsonObject;
        if (document?["schema"] is not JsonValue number || !number.TryGetValue(out int schema))
            throw Refusal(path, "it has no schema number", null);
        if (schema > Schema)
            throw new JournalException(new JournalFault.StateTooNew(path, schema, Schema));
        if (schema < StateMigration.Oldest)
            throw Refusal(
                path,
                $"it has schema {schema}, this program reads {StateMigration.Oldest} to {Schema}",
                null
            );
        StateMigration.Migrate(document, schema);
        return document.Deserialize(StateJson.Default.StateDocument)!;
    }

    /// <summary>Replaces the file atomically: after a crash there is the complete old or new state.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is unchanged.</exception>
    public static void Write(string path, StateDocument document)
    {
        using var file = AtomicFile.CreateWithBackup(path);
        Write(file.Stream, document);
        file.Commit();
    }

    /// <summary>Writes a state to a stream in the format of the file.</summary>
    internal static void Write(Stream target, StateDocument document) =>
        JsonSerializer.Serialize(target, document, StateJson.Default.StateDocument);

    /// <summary>Returns a state as the file would hold it, apart from the length of the rows.</summary>
    internal static byte[] Bytes(RunState run)
    {
        using var stream = new MemoryStream();
        Write(stream, new StateDocument(Schema, 0, run, Arithmetic));
        return stream.ToArray();
    }

    /// <summary>Creates the exception for a state whose parts do not match.</summary>
    internal static JournalException Misfit(string path, Exception error) => Refusal(path, Reason(error), error);

    // The serialiser's own messages about constructors and positions do not help users.
    private static string Reason(Exception error) =>
        error is InvalidDataException
        || (error is JsonException { Path: null } && error.GetType() == typeof(JsonException))
            ? FirstLine(error.Message)
        : error is JsonException { Path: { Length: > 1 } place } ? $"{place} is missing or not what it should be"
        : "it is not complete, valid JSON";

    internal static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];

    private static JournalException Refusal(string path, string reason, Exception? inner) =>
        new(new JournalFault.StateUnusable(path, reason) { Backup = BackupOf(path) }, inner);

    private static string? BackupOf(string path)
    {
        try
        {
            string[] places = [path + ".bak", AtomicFile.PathsWithBackup(path)[1]];
            return places.FirstOrDefault(File.Exists);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
