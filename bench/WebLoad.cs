using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace BtcBandit.Benchmarks;

/// <summary>What watchers of the web dashboard cost a run at full speed: pairs of processes of the program, one that nobody
/// watches and one with many streams, of which half never read.</summary>
internal static class WebLoad
{
    private const int Readers = 100;
    private const int Stalled = 100;

    /// <summary>Prints a row for each run, and the ratios of each pair.</summary>
    /// <param name="program">The program, <c>btcbandit.dll</c>, built for Release.</param>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="steps">Number of steps of each run.</param>
    /// <param name="clock">What time is measured with.</param>
    public static int Measure(string program, int pairs, long steps, TimeProvider clock)
    {
        Console.WriteLine("watchers  seconds  cpu of training  rss MB  events/s a reader  largest lag s  holes");
        var isGood = true;
        for (var i = 0; i < pairs; i++)
        {
            // Each is first in every other pair.
            var first = Run(program, steps, i % 2 == 1, clock);
            var second = Run(program, steps, i % 2 == 0, clock);
            var (alone, watched) = i % 2 == 0 ? (first, second) : (second, first);
            Print(
                $"pair {i + 1}: with watchers {watched.Seconds / alone.Seconds:F2} of the time, training thread {watched.Cpu / alone.Cpu:F2}"
            );
            isGood &= watched.Holes == 0;
        }

        return isGood ? 0 : 1;
    }

    private static Result Run(string program, long steps, bool isWatched, TimeProvider clock)
    {
        var folder = Directory.CreateTempSubdirectory("btcbandit-bench-");
        string[] arguments =
        [
            program,
            "--offline",
            "--web-dashboard",
            "--web-port",
            "0",
            "--delay",
            "0",
            "--steps",
            $"{steps}",
        ];
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--data-dir", folder.FullName, "--json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        var line = process.StandardError.ReadLine()!;
        _ = process.StandardError.ReadToEndAsync();
        var port = new Uri(line.Split(' ')[^1]).Port;
        var began = clock.GetTimestamp();
        using var end = new CancellationTokenSource();
        var probe = new Probe(port, clock);
        var probing = isWatched ? probe.RunAsync(end.Token) : Task.CompletedTask;
        var readers = isWatched ? Enumerable.Range(0, Readers).Select(_ => new Reader(port, probe)).ToArray() : [];
        var reading = Array.ConvertAll(readers, reader => reader.RunAsync(end.Token));
        var stalled = isWatched ? Enumerable.Range(0, Stalled).Select(_ => Connect(port)).ToArray() : [];
        var (cpu, rss) = (0.0, 0.0);
        while (!process.WaitForExit(250))
            (cpu, rss) = (Math.Max(cpu, CpuOfBusiestThread(process.Id)), Math.Max(rss, ResidentMegabytes(process.Id)));
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        end.Cancel();
        Task.WaitAll([probing, .. reading]);
        Array.ForEach(stalled, socket => socket.Dispose());
        folder.Delete(recursive: true);
        var result = new Result(seconds, cpu, readers.Sum(reader => reader.Holes));
        var events = isWatched ? readers.Average(reader => reader.Events) / seconds : 0;
        var lag = isWatched ? readers.Max(reader => reader.Lag) : 0;
        Print(
            $"{readers.Length + stalled.Length, 8}  {seconds, 7:F2}  {cpu, 15:F2}  {rss, 6:F0}  {events, 17:F1}  {lag, 13:F2}  {result.Holes, 5}"
        );
        return result;
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 65_536,
        };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes($"GET /api/stream HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"));
        return socket;
    }

    // Field 14 and 15 of stat are user and system time, in hundredths of a second; the name before them may have spaces.
    private static double CpuOfBusiestThread(int process)
    {
        try
        {
            return Directory
                .EnumerateDirectories($"/proc/{process}/task")
                .Select(thread => File.ReadAllText(Path.Combine(thread, "stat")))
                .Select(stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '))
                .Max(fields =>
                    (
                        double.Parse(fields[11], CultureInfo.InvariantCulture)
                        + double.Parse(fields[12], CultureInfo.InvariantCulture)
                    ) / 100
                );
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double ResidentMegabytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(text => text.StartsWith("VmRSS", StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                    / 1_024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private sealed record Result(double Seconds, double Cpu, int Holes);

    // How far the run was, and when.
    private sealed class Probe(int port, TimeProvider clock)
    {
        private readonly List<(long Time, long Step)> seen = [];

        public async Task RunAsync(CancellationToken stop)
        {
            using var client = new HttpClient();
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    var asked = clock.GetTimestamp();
                    var text = await client
                        .GetStringAsync($"http://localhost:{port}/api/health", stop)
                        .ConfigureAwait(false);
                    using var health = JsonDocument.Parse(text);
                    lock (seen)
                        seen.Add((asked, health.RootElement.GetProperty("steps").GetInt64()));
                    await Task.Delay(100, stop).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or HttpRequestException)
            {
                // The run is over.
            }
        }

        // At most so long ago the run made the step after one.
        public double SecondsSince(long step)
        {
            lock (seen)
            {
                var last = seen.FindLastIndex(probe => probe.Step <= step);
                return last < 0 ? 0 : clock.GetElapsedTime(seen[last].Time).TotalSeconds;
            }
        }
    }

    // Reads one stream, and follows the step numbers of its events.
    private sealed class Reader(int port, Probe probe)
    {
        private long at = -1;

        public int Events { get; private set; }

        public int Holes { get; private set; }

        public double Lag { get; private set; }

        public async Task RunAsync(CancellationToken stop)
        {
            using var socket = Connect(port);
            var buffer = new byte[1 << 20];
            var used = 0;
            try
            {
                while (true)
                {
                    if (used == buffer.Length)
                        Array.Resize(ref buffer, 2 * used);
                    var read = await socket.ReceiveAsync(buffer.AsMemory(used), stop).ConfigureAwait(false);
                    if (read == 0)
                        break;
                    used += read;
                    var taken = 0;
                    for (int end; (end = buffer.AsSpan(taken, used - taken).IndexOf("\n\n"u8)) >= 0; taken += end + 2)
                        Take(buffer.AsSpan(taken, end));
                    buffer.AsSpan(taken, used - taken).CopyTo(buffer);
                    used -= taken;
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The run is over.
            }
        }

        private void Take(ReadOnlySpan<byte> text)
        {
            var id = text.LastIndexOf("\nid: "u8);
            if (id < 0)
                return;
            var rest = text[(id + 5)..];
            var line = rest.IndexOf((byte)'\n') is >= 0 and var length ? rest[..length] : rest;
            // RUN.STEP.CHECK
            var step = Whole(line[(line.IndexOf((byte)'.') + 1)..]);
            Events++;
            if (text.IndexOf("data: {\"since\":"u8) is >= 0 and var data)
                Holes += Whole(text[(data + 15)..]) == at ? 0 : 1;
            at = step;
            Lag = Math.Max(Lag, probe.SecondsSince(step));
        }

        private static long Whole(ReadOnlySpan<byte> digits)
        {
            var value = 0L;
            foreach (var digit in digits)
            {
                if (!char.IsAsciiDigit((char)digit))
                    break;
                value = 10 * value + digit - '0';
            }

            return value;
        }
    }
}
