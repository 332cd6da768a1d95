using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BtcBandit.Sweep.Distribution;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace BtcBandit.Sweep.Nats;

/// <summary>
/// Candle files on the server, under the hash of their bytes. Each part has a subject of its own and the first one wins, so
/// that two coordinators may upload the same file at once; NATS's own object store replaces what is there, and reading it
/// takes the right to make consumers.
/// </summary>
internal sealed class FileShelf(NatsLink link)
{
    private const string Manifest = "manifest";
    private const int MostBytesOfChunk = 512 * 1024;

    private readonly MessageStore messages = new(link);
    private readonly Dictionary<string, int> chunksOf = new(StringComparer.Ordinal);

    /// <summary>Uploads what is not there of a file. Not thread-safe.</summary>
    /// <returns>False where it was there.</returns>
    /// <exception cref="InvalidDataException">The file is not the one of that hash.</exception>
    internal async Task<bool> PutAsync(DataFile file)
    {
        var there = await PartsAsync(file.Hash);
        if (await IsWholeAsync(file.Hash, there))
            return false;

        await using var source = File.OpenRead(file.Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Math.Min(MostBytesOfChunk, link.MaxPayload / 2)];
        var chunks = 0;
        long bytes = 0;
        while (
            await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, link.End)
                is var read
                    and > 0
        )
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
            var chunk = Chunk(file.Hash, chunks++);
            if (!there.Contains(chunk))
                await messages.PutAsync(chunk, buffer[..read], headers: null, link.End);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Hash)
            throw new InvalidDataException($"{file.Path} has changed since it was read first.");

        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new FileManifest(Path.GetFileName(file.Path), bytes, chunks),
            NatsJson.Default.FileManifest
        );
        await messages.PutAsync(Subjects.FilePart(file.Hash, Manifest), manifest, headers: null, link.End);
        // Another coordinator's manifest may have been first.
        chunksOf.Remove(file.Hash);
        return true;
    }

    /// <returns>True where every part of the file is on the server.</returns>
    internal async Task<bool> HasAsync(string hash) => await IsWholeAsync(hash, await PartsAsync(hash));

    /// <summary>The parts expire one by one, and the manifest, which came last, is the last of them.</summary>
    private async Task<bool> IsWholeAsync(string hash, HashSet<string> there)
    {
        if (!there.Contains(Subjects.FilePart(hash, Manifest)))
            return false;

        if (!chunksOf.TryGetValue(hash, out var chunks))
        {
            if (await ManifestAsync(hash, link.End) is not { } manifest)
                return false;

            chunksOf[hash] = chunks = manifest.Chunks;
        }

        return Enumerable.Range(0, Math.Max(0, chunks)).All(chunk => there.Contains(Chunk(hash, chunk)));
    }

    private async Task<HashSet<string>> PartsAsync(string hash)
    {
        var request = new StreamInfoRequest { SubjectsFilter = Subjects.FilePart(hash, "*") };
        try
        {
            var stream = await link.AgainAsync(
                token => link.Streams.GetStreamAsync(Subjects.Files, request, token),
                link.End
            );
            return new(stream.Info.State.Subjects?.Keys ?? [], StringComparer.Ordinal);
        }
        catch (NatsJSApiException error) when (error.Error.Code == 404)
        {
            return [];
        }
    }

    /// <returns>Name and size of a file, or null where it is not on the server.</returns>
    internal async Task<FileManifest?> ManifestAsync(string hash, CancellationToken stop) =>
        await messages.GetAsync(Subjects.Files, Subjects.FilePart(hash, Manifest), stop) is { } json
            ? NatsJson.Read(json, NatsJson.Default.FileManifest)
            : null;

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="TransientWorkException">It is not complete on the server.</exception>
    internal async Task ReadAsync(string hash, FileManifest manifest, Stream target, CancellationToken stop)
    {
        for (var chunk = 0; chunk < manifest.Chunks; chunk++)
        {
            var bytes =
                await messages.GetAsync(Subjects.Files, Chunk(hash, chunk), stop)
                ?? throw new TransientWorkException($"Part {chunk} of the file {hash} is not on the server.");
            await target.WriteAsync(bytes, stop);
        }
    }

    private static string Chunk(string hash, int chunk) =>
        Subjects.FilePart(hash, chunk.ToString(CultureInfo.InvariantCulture));
}
