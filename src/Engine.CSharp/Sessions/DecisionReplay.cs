using System.Text;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Makes a saved run again from its candles, compares every row with its journal, and explains some of the decisions. Not
/// thread-safe.</summary>
/// <remarks>
/// One replay explains any number of steps. It keeps the candles before the first step until it knows which of them the run took, and
/// the explanations whose outcome is not known yet; memory does not grow with the length of the run.
/// </remarks>
internal sealed class DecisionReplay : IDisposable
{
    private readonly SavedRun saved;
    private readonly Queue<long> wanted;
    private readonly Action<DecisionExplanation> explained;
    private readonly TradingRun run;
    private readonly AgentProbe probe;
    private readonly FileStream file;
    private readonly TradeLines lines;
    private readonly TradeRows format = new();
    private readonly byte[] row = new byte[TradeRows.LongestRow];
    private readonly Queue<Candle> before = new();
    private readonly List<DecisionExplanation> open = [];
    private readonly long candlesBefore;
    private readonly long lastNeeded;
    private readonly int untilRewards;
    private readonly bool fillsAtClose;
    private bool isStarted;

    /// <summary>Starts before the first candle of a run.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="learned">What its agent began with; null for the prior.</param>
    /// <param name="steps">Numbers of the steps to explain, at least one, each a step of the run.</param>
    /// <param name="explained">Called with each explanation, in the order of the steps.</param>
    /// <exception cref="ExplainException">A step is none of the run, or the agent does not fit it.</exception>
    /// <exception cref="JournalException">The rows are missing, unreadable or not those of the run.</exception>
    public DecisionReplay(
        SavedRun saved,
        LearnedAgent? learned,
        IEnumerable<long> steps,
        Action<DecisionExplanation> explained
    )
    {
        (this.saved, this.explained) = (saved, explained);
        wanted = new Queue<long>(steps.Select(saved.StepOf).Distinct().Order());
        ArgumentOutOfRangeException.ThrowIfZero(wanted.Count, nameof(steps));
        fillsAtClose = saved.Run.Header.Parameters.Fill == FillMoment.Close;
        AgentProbe? watching = null;
        try
        {
            run = new TradingRun(saved.Plan, null, learned?.State, agent => watching = new AgentProbe(agent));
        }
        catch (InvalidDataException error) when (learned is not null)
        {
            throw new ExplainException(new ExplainFault.UnfitAgent(learned.File, StateFile.FirstLine(error.Message)));
        }

        probe = watching!;
        untilRewards = probe.Horizons.Max() + (fillsAtClose ? 0 : 1);
        candlesBefore = saved.Run.Candles - saved.Steps;
        lastNeeded = Math.Min(wanted.Last() + untilRewards, saved.Steps);
        file = TradesReader.Open(saved.TradesPath, saved.Document.TradesBytes);
        lines = new TradeLines(file, saved.Document.TradesBytes);
        if (lines.TryRead(out var header) && header.SequenceEqual(TradesFile.HeaderLine))
            return;
        file.Dispose();
        throw new JournalException(new JournalFault.RowsForeign(saved.TradesPath));
    }

    /// <summary>Whether all explanations have been given; no more candles are needed then.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Number of steps made so far.</summary>
    public long Steps => isStarted ? run.Made.Number : 0;

    /// <summary>Number of the last step that is needed.</summary>
    public long LastNeeded => lastNeeded;

    /// <summary>Takes the next candle; those before the run's first one are left out.</summary>
    /// <exception cref="ExplainException">The candles are not those of the run, or a row differs.</exception>
    /// <exception cref="JournalException">The rows are damaged.</exception>
    /// <exception cref="IOException">The rows cannot be read.</exception>
    public void Take(Candle candle)
    {
        if (IsDone)
            return;
        if (isStarted)
        {
            Next(candle);
            return;
        }

        var first = saved.Run.Statistics.FirstOpenTime;
        if (candle.OpenTime < first)
        {
            before.Enqueue(candle);
            if (before.Count > candlesBefore)
                before.Dequeue();
            return;
        }

        if (candle.OpenTime > first)
            throw new ExplainException(new ExplainFault.NoStart(first, candlesBefore, null));
        if (before.Count < candlesBefore)
            throw new ExplainException(new ExplainFault.NoStart(first, candlesBefore, before.Count));
        isStarted = true;
        while (before.TryDequeue(out var earlier))
            Next(earlier);
        Next(candle);
    }

    /// <summary>Ends the candles.</summary>
    /// <exception cref="ExplainException">More are needed.</exception>
    public void End()
    {
        if (IsDone)
            return;
        throw new ExplainException(
            isStarted
                ? new ExplainFault.CandlesEnd(Steps, lastNeeded)
                : new ExplainFault.NoStart(saved.Run.Statistics.FirstOpenTime, candlesBefore, null)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Next(Candle candle)
    {
        var (number, account) = (run.Made.Number + 1, run.Made.Portfolio);
        probe.IsOn = wanted.TryPeek(out var asked) && asked == number;
        if (!run.Take(in candle))
        {
            // Every candle from the first step on makes a step.
            if (candle.OpenTime == saved.Run.Statistics.FirstOpenTime)
                throw new ExplainException(new ExplainFault.OtherRow(1, candle.OpenTime, "step", "1", ""));
            return;
        }

        var line = Compare(number);
        if (!fillsAtClose)
            Fill(number - 1);
        if (probe.IsOn)
            Begin(number, line, fillsAtClose ? account : run.Made.Portfolio);
        if (fillsAtClose)
            Fill(number);
        if (number == saved.Steps)
            Conclude();
        else if (open.Count > 0 && open[0].RewardsKnownAt == number)
            Reward(number);
        IsDone = wanted.Count == 0 && open.Count == 0;
    }

    private void Begin(long number, string line, Portfolio account)
    {
        wanted.Dequeue();
        open.Add(
            new DecisionExplanation
            {
                Step = run.Newest,
                Facts = probe.Newest!,
                Portfolio = account,
                Row = line,
                RewardsKnownAt = number + untilRewards,
                RowsCompared = number,
            }
        );
    }

    // What the newest candle made of the order of a step.
    private void Fill(long step)
    {
        if (open.Count == 0 || open[^1].Step.Number != step)
            return;
        var made = run.Made;
        var price = fillsAtClose ? made.Candle.Close : made.Candle.Open;
        open[^1] = open[^1] with
        {
            Order = new OrderOutcome(made.Number, made.Candle.OpenTime, price, made.Fill, made.Refusal),
        };
    }

    private void Reward(long number)
    {
        explained(Rewarded(number));
        open.RemoveAt(0);
    }

    private DecisionExplanation Rewarded(long number) =>
        open[0] with
        {
            Rewards = run.MaturedRewards(open[0].Facts.Exposure, open[0].Step.Decision.Horizon),
            RowsCompared = number,
        };

    // At the run's end the state is compared as well, and what is not known by now is not known at all.
    private void Conclude()
    {
        // A run that was begun by an earlier version has no growth, whoever makes it again.
        var made = saved.Run.Growth is null ? run.Capture() with { Growth = null } : run.Capture();
        var isSame = StateFile.Bytes(made).AsSpan().SequenceEqual(StateFile.Bytes(saved.Run));
        if (open.Count > 0 && open[0].RewardsKnownAt == saved.Steps)
            open[0] = Rewarded(saved.Steps);
        foreach (var one in open)
            explained(one with { IsSameState = isSame, RowsCompared = saved.Steps });
        open.Clear();
    }

    private string Compare(long number)
    {
        if (!lines.TryRead(out var line))
            throw new JournalException(new JournalFault.RowDamaged(saved.TradesPath, number + 1));
        var derived = row.AsSpan(0, format.Write(run.Made, row, 0) - 1);
        if (!line.SequenceEqual(derived))
            throw new ExplainException(
                Difference(number, Encoding.UTF8.GetString(line), Encoding.UTF8.GetString(derived))
            );
        return probe.IsOn ? Encoding.UTF8.GetString(line) : "";
    }

    private ExplainFault.OtherRow Difference(long number, string line, string derived)
    {
        var (here, there) = (derived.Split(','), line.Split(','));
        var names = TradesFile.Header.Split(',');
        if (here.Length != there.Length)
            return new ExplainFault.OtherRow(number, run.Made.Candle.OpenTime, "the row", line, derived);
        var column = Enumerable.Range(0, names.Length).First(i => here[i] != there[i]);
        return new ExplainFault.OtherRow(number, run.Made.Candle.OpenTime, names[column], there[column], here[column]);
    }
}
