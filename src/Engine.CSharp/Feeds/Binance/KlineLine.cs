using System.Threading.Channels;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What happens on a line.</summary>
/// <param name="Message">The message; null for a tick of the clock.</param>
/// <param name="Reason">Why the line has ended, if it has.</param>
internal readonly record struct LineNote(StreamMessage? Message, string? Reason);

/// <summary>An open stream, the task that reads it, and a mailbox between that task and the feed.</summary>
/// <remarks>
/// The task never waits for the feed, or pings would stay unanswered. When the mailbox is full the oldest frames are lost:
/// the cursor notices.
/// </remarks>
internal sealed class KlineLine : IAsyncDisposable
{
    private const int MailboxSize = 256;

    private readonly IKlineStream stream;
    private readonly CancellationTokenSource ended;
    private readonly Channel<LineNote> mailbox;
    private readonly ITimer ticker;
    private readonly Task pump;

    /// <param name="stream">The stream; disposed with this line.</param>
    /// <param name="options">How often the clock ticks.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="stop">Ends the line at once.</param>
    public KlineLine(IKlineStream stream, KlineFeedOptions options, TimeProvider clock, CancellationToken stop)
    {
        this.stream = stream;
        ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        mailbox = Channel.CreateBounded<LineNote>(
            new BoundedChannelOptions(MailboxSize)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
                AllowSynchronousContinuations = options.IsInline,
            }
        );
        ticker = clock.CreateTimer(
            static line => ((KlineLine)line!).mailbox.Writer.TryWrite(default),
            this,
            options.Tick,
            options.Tick
        );
        pump = Pump();
    }

    /// <summary>Number of candles that have come.</summary>
    public int Frames { get; private set; }

    /// <summary>Waits for what happens next; after its end a line gives nothing any more.</summary>
    public IAsyncEnumerable<LineNote> Notes(CancellationToken stop) => mailbox.Reader.ReadAllAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await ticker.DisposeAsync();
        // The token first: aborting a socket may not end a read of one whose peer is gone.
#pragma warning disable MA0042 // CancelAsync runs what waits for it on another thread.
        ended.Cancel();
#pragma warning restore MA0042
        await stream.DisposeAsync();
        await pump;
        ended.Dispose();
    }

    private async Task Pump()
    {
        string reason;
        try
        {
            reason = await Read();
        }
        catch (Exception error)
        {
            reason = error.GetBaseException().Message;
        }
        mailbox.Writer.TryWrite(new LineNote(null, reason));
        mailbox.Writer.TryComplete();
    }

    private async Task<string> Read()
    {
        while (true)
        {
            var message = await stream.Receive(ended.Token);
            if (message.Kind == StreamMessageKind.Closed)
                return "the server closed the stream";
            if (message.Kind == StreamMessageKind.Other)
                continue;
            if (message.Kind == StreamMessageKind.Kline)
                Frames++;
            mailbox.Writer.TryWrite(new LineNote(message, null));
        }
    }
}
