using System.Text.Json;
using System.Text.Json.Nodes;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Content of <c>learned.json</c>: what an agent has learned, without a run.</summary>
/// <param name="Schema">Version of the file format.</param>
/// <param name="Header">Source, parameters, and names of columns and features with which it was learned.</param>
/// <param name="NewestCandle">Open time of the newest candle that the agent has seen, ms UTC.</param>
/// <param name="Agent">State of the agent.</param>
internal sealed record LearnedDocument(int Schema, RunHeader Header, long NewestCandle, AgentState Agent);

/// <summary>Reads and writes <c>learned.json</c>. Writing is atomic and keeps the previous file as <c>.bak</c>.</summary>
internal static class LearnedFile
{
    /// <summary>Format version that this program writes; it also reads those before.</summary>
    public const int Schema = 2;

    /// <summary>Reads and checks the file, which is not changed.</summary>
    /// <returns>The content; null if there is no such file.</returns>
    /// <exception cref="JournalException">The file is unreadable or not one of this program.</exception>
    public static LearnedDocument? Read(string path)
    {
        Require(path);
        try
        {
            if (!File.Exists(path))
                return null;
            var document = Parse(path, File.ReadAllBytes(path));
            if (!document.Header.HasSoundTrials)
                throw Refusal(path, "trials_before is not from 0 to 1,000,000,000", null);
            return document.Header.Parameters.Agent == document.Agent.Kind
                ? document
                : throw Refusal(
                    path,
                    $"its header names agent {document.Header.Parameters.Agent}, its state is of agent {document.Agent.Kind}",
                    null
                );
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw Refusal(path, "it is not complete, valid JSON", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                new JournalFault.StateUnreadable(path, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    private static LearnedDocument Parse(string path, byte[] bytes)
    {
        var document = JsonNode.Parse(bytes) as JsonObject;
        if (document?["schema"] is not JsonValue number || !number.TryGetValue(out int schema))
            throw Refusal(path, "it has no schema number", null);
        if (schema is < 1 or > Schema)
            throw Refusal(path, $"it has schema {schema}, this program reads 1 to {Schema}", null);
        // 1 to 2: as states of runs from 4 to 5.
        if (schema < 2 && document["agent"] is JsonObject agent)
            EvidenceMigration.Migrate(agent);
        document["schema"] = Schema;
        return document.Deserialize(StateJson.Default.LearnedDocument)!;
    }

    /// <summary>Replaces the file atomically: after a crash there is the complete old or new file.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is unchanged.</exception>
    public static void Write(string path, LearnedDocument document)
    {
        using var file = AtomicFile.CreateWithBackup(path);
        JsonSerializer.Serialize(file.Stream, document, StateJson.Default.LearnedDocument);
        file.Commit();
    }

    /// <summary>Replaces the file by what the agent of a run has learned.</summary>
    /// <exception cref="JournalException">The file cannot be written; the old one is unchanged.</exception>
    public static void Write(string path, LearnedAgent learned)
    {
        try
        {
            Write(path, new LearnedDocument(Schema, learned.Header, learned.NewestCandle, learned.State));
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw new JournalException(
                new JournalFault.FolderUnwritable(
                    Path.GetDirectoryName(path)!,
                    StateFile.FirstLine(DiskErrors.Reason(error))
                ),
                error
            );
        }
    }

    /// <summary>Throws if there is something else in place of the file.</summary>
    /// <exception cref="JournalException">There is a folder, a pipe or a socket.</exception>
    public static void Require(string path)
    {
        string[] files = [path, path + ".bak", path + ".tmp"];
        if (Array.Find(files, Directory.Exists) is { } folder)
            throw new JournalException(new JournalFault.FolderInPlaceOfFile(folder));
        // Reading a pipe would wait for its other end.
        if (File.Exists(path) && !RegularFile.Is(path))
            throw new JournalException(new JournalFault.PipeInPlaceOfFile(path));
    }

    private static JournalException Refusal(string path, string reason, Exception? inner) =>
        new(new JournalFault.LearningUnusable(path, reason), inner);
}
