using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>The files of the page, which are part of the program. They are read and compressed once; a path that is not one of them
/// is not found.</summary>
internal sealed class Page
{
    private const string Folder = "page/";
    private const string Chart = "/js/lightweight-charts.js";

    private static readonly Lazy<Dictionary<string, Entry>> all = new(ReadAll);

    private readonly Dictionary<string, Entry> files = all.Value;

    /// <summary>Whether the build could restore the chart.</summary>
    public bool HasChart => files.ContainsKey(Chart);

    /// <summary>Answers with a file, or that there is none.</summary>
    public Task Serve(HttpContext context)
    {
        var path = context.Request.Path.Value is "/" or null ? "/index.html" : context.Request.Path.Value;
        if (!files.TryGetValue(path, out var file))
            return Answer.Problem(context, 404, "There is no such page.");
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var isPacked = request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (isPacked)
            response.Headers.ContentEncoding = "br";
        var bytes = isPacked ? file.Brotli.Value : file.Raw;
        response.ContentLength = bytes.Length;
        return Answer.Bytes(context, bytes, file.Type);
    }

    private static Dictionary<string, Entry> ReadAll()
    {
        var found = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Folder, StringComparison.Ordinal))
                found["/" + name[Folder.Length..]] = Read(assembly, name);
        }
        return found;
    }

    private static Entry Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
        var raw = new byte[resource.Length];
        resource.ReadExactly(raw);
        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(raw))[..16]}\"";
        return new Entry(raw, new Lazy<byte[]>(() => Packed(raw)), type, tag);
    }

    private static byte[] Packed(byte[] raw)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(raw);
        return packed.ToArray();
    }

    private sealed record Entry(byte[] Raw, Lazy<byte[]> Brotli, string Type, string Tag);
}
