using System.Collections.Concurrent;
using System.Security.Cryptography;
using BtcBandit.Sweep.Distribution;

namespace BtcBandit.Sweep.Nats;

/// <summary>Candle files on a worker's disk: <c>FOLDER/HASH/NAME</c>. A file is used only after its hash was verified.</summary>
internal sealed class FileCache(FileShelf shelf, string folder, TimeProvider clock)
{
    private const int MostOfName = 128;
    private const int EndOfName = 28;

    private readonly ConcurrentDictionary<string, Verified> verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>The path of a file, fetched from the server where it is missing or spoiled.</summary>
    /// <exception cref="TransientWorkException">It cannot be had now.</exception>
    internal async Task<string> PathAsync(string hash, CancellationToken stop)
    {
        var gate = gates.GetOrAdd(hash, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(stop);
        try
        {
            return await FindAsync(hash, stop) ?? await FetchAsync(hash, stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransientWorkException($"The cache {folder} cannot be used: {error.Message}", error);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string?> FindAsync(string hash, CancellationToken stop)
    {
        var home = new DirectoryInfo(Path.Combine(folder, hash));
        if (!home.Exists)
            return null;

        foreach (var file in home.EnumerateFiles().Where(file => !file.Name.StartsWith('.')))
        {
            var seen = new Verified(file.FullName, file.Length, file.LastWriteTimeUtc);
            if (verified.TryGetValue(hash, out var before) && before == seen)
                return file.FullName;

            if (await HashAsync(file.FullName, stop) == hash)
            {
                verified[hash] = seen;
                return file.FullName;
            }
        }

        return null;
    }

    private async Task<string> FetchAsync(string hash, CancellationToken stop)
    {
        var manifest =
            await shelf.ManifestAsync(hash, stop)
            ?? throw new TransientWorkException($"The file {hash} is not on the server.");
        var home = Directory.CreateDirectory(Path.Combine(folder, hash)).FullName;
        var path = Path.Combine(home, manifest.Name is { Length: > 0 } name ? SafeName(name) : hash);
        // Hidden, and of this process alone: another worker on this machine may fetch the same file.
        var part = Path.Combine(home, $".{Environment.ProcessId}-{clock.GetTimestamp()}.part");
        try
        {
            await using (var target = File.Create(part))
            {
                await shelf.ReadAsync(hash, manifest, target, stop);
            }

            if (await HashAsync(part, stop) != hash)
                throw new TransientWorkException($"What the server has as the file {hash} is another file.");

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        var file = new FileInfo(path);
        verified[hash] = new Verified(file.FullName, file.Length, file.LastWriteTimeUtc);
        return path;
    }

    /// <summary>
    /// A name that stays in its folder and on every disk. It tells the reader pair, timeframe and format, so whatever means
    /// something there is kept: <c>BINANCE_BTCUSDT, 1m.csv</c> is read by its comma.
    /// </summary>
    private static string SafeName(string name)
    {
        var safe = string.Concat(
            name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ',' or ' ' ? c : '_')
        );
        // The symbol is at the beginning, the format at the end.
        if (safe.Length > MostOfName)
            safe = safe[..(MostOfName - EndOfName)] + safe[^EndOfName..];

        return safe is ['.' or ' ', ..] ? '_' + safe[1..] : safe;
    }

    private static async Task<string> HashAsync(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
    }

    private sealed record Verified(string Path, long Bytes, DateTime WrittenUtc);
}
