namespace BtcBandit.Engine.Watching;

/// <summary>Reads bars of a run at one moment, on the reader's thread and without a lock.</summary>
internal static class BarsReader
{
    /// <summary>Returns the bars that overlap a range.</summary>
    public static Bars Read(this RunView view, BarsQuery query)
    {
        var run = view.Run;
        var level = Pick(view, query);
        var (first, end) = RangeOf(view, level?.Span ?? run.Span, query);
        if (end <= first || query.To <= query.From)
            return new Bars(query.Span ?? run.Span, 0, query.Columns.Count);
        // A bar that the range cuts is given whole.
        var (start, stop) = level is null ? (first, end) : (level.BarOf(first), level.BarOf(end - 1) + 1);
        var from = Math.Max(start, stop - query.Max);
        var bars = new Bars(level?.Span ?? run.Span, stop - from, query.Columns.Count) { HasMore = from > start };
        var finished = level?.FinishedBefore(view.Count) ?? view.Count;
        for (var i = from; i < stop; i++)
        {
            var begin = level?.StartOf(i) ?? i;
            Set(bars, i - from, view, begin, SumOf(view, level, i, begin, i < finished), query.Columns);
        }

        bars.Marks = MarksOf(view, bars);
        return bars;
    }

    /// <summary>Returns the steps after one as bars of the run's own span, with all indicator columns.</summary>
    /// <param name="view">The run.</param>
    /// <param name="since">Number of the step before the first one.</param>
    public static Bars ReadSteps(this RunView view, long since)
    {
        var run = view.Run;
        var start = (int)Math.Max(since - run.First + 1, 0);
        int[] columns = [.. Enumerable.Range(0, run.Header.Columns.Length)];
        var bars = new Bars(run.Span, Math.Max(view.Count - start, 0), columns.Length);
        for (var i = 0; i < bars.Time.Length; i++)
            Set(bars, i, view, start + i, BarSum.Of(start + i, run.Rows[start + i]), columns);
        bars.Marks = MarksOf(view, bars);
        return bars;
    }

    private static Level? Pick(RunView view, BarsQuery query)
    {
        var run = view.Run;
        if (query.Span is { } asked)
            return Array.Find(run.Levels, level => level.Span == asked);
        var (first, end) = RangeOf(view, run.Span, query);
        if (end - first <= query.Max || run.Levels.Length == 0)
            return null;
        return Array.Find(run.Levels, Fits) ?? run.Levels[^1];

        bool Fits(Level level)
        {
            var (from, to) = RangeOf(view, level.Span, query);
            return level.BarOf(to - 1) - level.BarOf(from) < query.Max;
        }
    }

    // The steps of the bars that overlap a range: whole spans count, also where their candles are missing.
    private static (int First, int End) RangeOf(RunView view, BarSpan span, BarsQuery query)
    {
        var rows = view.Run.Rows;
        return (
            rows.FirstNot(view.Count, row => span.StartOf(row.Time) + span.Milliseconds <= query.From),
            rows.FirstNot(view.Count, row => span.StartOf(row.Time) < query.To)
        );
    }

    // The newest bar of a level is added up here: what the level has of it may count later steps.
    private static BarSum SumOf(RunView view, Level? level, int bar, int begin, bool isFinished)
    {
        if (level is null)
            return BarSum.Of(begin, view.Run.Rows[begin]);
        return isFinished ? level[bar] : SumOf(view, begin, Array.IndexOf(view.Run.Levels, level) - 1);
    }

    // Adds up the steps from an index to the end: whole bars of finer levels first.
    private static BarSum SumOf(RunView view, int begin, int finer)
    {
        var sum = BarSum.Of(begin, view.Run.Rows[begin]);
        var isEmpty = true;
        var at = begin;
        for (var i = finer; i >= 0 && at < view.Count; i--)
        {
            var level = view.Run.Levels[i];
            var finished = level.FinishedBefore(view.Count);
            // Bars of coarser levels end where bars of finer ones do.
            for (var bar = level.BarOf(at); bar < finished; bar++)
                Take(level[bar]);
        }

        while (at < view.Count)
            Take(BarSum.Of(at, view.Run.Rows[at]));
        return sum;

        void Take(in BarSum next)
        {
            sum = isEmpty ? next : sum.With(next);
            (isEmpty, at) = (false, next.End);
        }
    }

    private static void Set(Bars bars, int at, RunView view, int begin, in BarSum sum, IReadOnlyList<int> columns)
    {
        var (run, end) = (view.Run, sum.End - 1);
        ref readonly var last = ref run.Rows[end];
        ref readonly var first = ref run.Rows[begin];
        (bars.Time[at], bars.Step[at]) = (bars.Span.StartOf(first.Time), run.First + end);
        (bars.Open[at], bars.High[at], bars.Low[at], bars.Close[at]) = (first.Open, sum.High, sum.Low, last.Close);
        (bars.Volume[at], bars.Equity[at], bars.BuyAndHold[at]) = (sum.Volume, last.Equity, run.BuyAndHold(end));
        bars.Drawdown[at] = sum.Drawdown;
        bars.Invested[at] = (float)sum.Invested / (sum.End - begin);
        bars.Action[at] = last.Action;
        var values = run.Indicators[end];
        for (var i = 0; i < columns.Count; i++)
            bars.Columns[i][at] = values[columns[i]];
    }

    private static Mark[] MarksOf(RunView view, Bars bars)
    {
        if (bars.Time.Length == 0)
            return [];
        var marks = new List<Mark>();
        var (from, to) = (bars.Time[0], bars.Step[^1]);
        var (run, fills) = (view.Run, view.Run.Fills);
        var end = fills.After(view.Fills, to);
        var (buy, sell) = (new Sum(true), new Sum(false));
        var first = run.First + run.Rows.FirstNot(view.Count, row => row.Time < from);
        for (var i = fills.From(end, first); i < end; i++)
        {
            var fill = fills[i];
            var time = bars.Span.StartOf(fill.Time);
            if (time != buy.Time)
                Flush(time);
            (fill.IsBuy ? buy : sell).Add(fill);
        }

        Flush(0);
        return [.. marks];

        void Flush(long next)
        {
            foreach (var sum in (Sum[])(buy.Step <= sell.Step ? [buy, sell] : [sell, buy]))
            {
                if (sum.Mark is { } mark)
                    marks.Add(mark);
                sum.Begin(next);
            }
        }
    }

    // Adds up the executions of one side in a bar.
    private sealed class Sum(bool isBuy)
    {
        private int count;
        private double value;
        private double quantity;
        private double profit;

        public long Time { get; private set; }

        public long Step { get; private set; }

        public Mark? Mark =>
            count == 0
                ? null
                : new Mark(Time, isBuy, count, value / quantity, quantity, isBuy ? double.NaN : profit, Step);

        public void Begin(long time) => (Time, count, value, quantity, profit, Step) = (time, 0, 0, 0, 0, 0);

        public void Add(in FillRow fill)
        {
            count++;
            value += fill.Price * fill.Quantity;
            quantity += fill.Quantity;
            profit += double.IsNaN(fill.Profit) ? 0 : fill.Profit;
            Step = fill.Step;
        }
    }
}
