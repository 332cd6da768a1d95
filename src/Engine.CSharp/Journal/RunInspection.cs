using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>A file of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length, in bytes.</param>
internal sealed record SavedFile(string Name, long Bytes);

/// <summary>What the files of a run say. Nothing is locked, changed or created, so a run may go on meanwhile.</summary>
internal sealed record RunInspection
{
    private const double BpsPerUnit = 10_000.0;

    private static readonly string[] names = [RunFolder.StateName, RunFolder.StateName + ".bak", RunFolder.TradesName];

    /// <summary>The folder, as it was passed.</summary>
    public required string Folder { get; init; }

    /// <summary>State of the run.</summary>
    public required RunState Run { get; init; }

    /// <summary>Version of the arithmetic with which the state was saved last.</summary>
    public required int Arithmetic { get; init; }

    /// <summary>What the agent has learned.</summary>
    public required LearnedFacts Learned { get; init; }

    /// <summary>How often each action was chosen.</summary>
    public required ActionCounts Actions { get; init; }

    /// <summary>Results per UTC month.</summary>
    public required IReadOnlyList<RunMonth> Months { get; init; }

    /// <summary>The newest executions, in order of time.</summary>
    public required IReadOnlyList<SavedTrade> Trades { get; init; }

    /// <summary>The run in up to 128 stretches of <see cref="StepsPerStretch"/> steps. The last one may be shorter and ends with the
    /// newest step.</summary>
    public required IReadOnlyList<SavedStretch> Stretches { get; init; }

    /// <summary>Number of steps in each stretch but the last.</summary>
    public required long StepsPerStretch { get; init; }

    /// <summary>The time of <see cref="RunPath.LongestUnderWater"/>.</summary>
    public required long LongestUnderWater { get; init; }

    /// <summary>The number of <see cref="RunPath.LongestLosingRun"/>.</summary>
    public required long LongestLosingRun { get; init; }

    /// <summary>Sum of price x quantity of all executions, in the quote currency.</summary>
    public required double TradedValue { get; init; }

    /// <summary>Fee per side at which the executions of this run earn nothing, in basis points of the traded value; null without
    /// executions. Below 0 if they lose even without a fee.</summary>
    /// <remarks>10,000 x (profit + fees paid) / <see cref="TradedValue"/>, where the profit is the newest equity less the initial one.
    /// Prices, quantities and slippage are those of the run. A position counts at the newest close, without the fee of selling
    /// it. An agent would trade otherwise at another fee, so this is not the <see cref="CostSensitivity.BreakEvenFeeBps"/> of a
    /// report, for which the run is made again.</remarks>
    public double? BreakEvenFeeBps =>
        BreakEvenFee(Run.Statistics.Equity - Run.Statistics.InitialEquity, Run.Portfolio.FeesPaid, TradedValue);

    /// <summary>The files of the run.</summary>
    public required IReadOnlyList<SavedFile> Files { get; init; }

    /// <summary>Number of bytes of trades.csv after the rows that the state counts.</summary>
    public required long BytesAfterState { get; init; }

    /// <summary>Number of earlier runs that are kept in the folder; null if it cannot be read.</summary>
    public required int? EarlierRuns { get; init; }

    /// <summary>Why that number is not known; null if it is.</summary>
    public required string? EarlierRunsFault { get; init; }

    /// <summary>Reads the files of a run.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="trades">Number of executions to return, the newest ones.</param>
    /// <exception cref="JournalException">A file is missing, unreadable or damaged.</exception>
    public static RunInspection Of(string folder, int trades)
    {
        var path = Path.Combine(folder, RunFolder.StateName);
        var document = Read(path);
        while (true)
        {
            try
            {
                return Of(folder, document, trades);
            }
            catch (JournalException)
            {
                // A new run may have begun between the two files; the same state again is no excuse.
                var now = Read(path);
                if ((now.TradesBytes, now.Run.Candles) == (document.TradesBytes, document.Run.Candles))
                    throw;
                document = now;
            }
        }
    }

    /// <summary>The formula of <see cref="BreakEvenFeeBps"/>.</summary>
    internal static double? BreakEvenFee(double profit, double fees, double tradedValue) =>
        tradedValue > 0 ? BpsPerUnit * (profit + fees) / tradedValue : null;

    private static RunInspection Of(string folder, StateDocument document, int trades)
    {
        var run = document.Run;
        var totals = new RowTotals(run.Header, trades);
        var rows = Path.Combine(folder, RunFolder.TradesName);
        var length = TradesReader.Read(rows, document.TradesBytes, run, totals.Next);
        var earlier = CountEarlier(Path.Combine(folder, RunFolder.EarlierName), out var earlierFault);
        return new RunInspection
        {
            Folder = folder,
            Run = run,
            Arithmetic = document.Arithmetic,
            Learned = Facts(folder, run),
            Actions = totals.Actions,
            Months = totals.Months,
            Trades = totals.Trades,
            Stretches = totals.Stretches,
            StepsPerStretch = totals.StepsPerStretch,
            LongestUnderWater = totals.LongestUnderWater,
            LongestLosingRun = totals.LongestLosingRun,
            TradedValue = totals.TradedValue,
            Files = FilesOf(folder),
            BytesAfterState = length - document.TradesBytes,
            EarlierRuns = earlier,
            EarlierRunsFault = earlierFault,
        };
    }

    /// <summary>Reads the state of a run.</summary>
    /// <exception cref="JournalException">It is missing, unreadable or damaged.</exception>
    internal static StateDocument Read(string path)
    {
        if (Directory.Exists(path))
            throw new JournalException(new JournalFault.FolderInPlaceOfFile(path));
        if (File.Exists(path) && !OperatingSystem.IsWindows() && !RegularFile.Is(path))
            throw new JournalException(new JournalFault.PipeInPlaceOfFile(path));
        return StateFile.Read(path) ?? throw new JournalException(Missing(path));
    }

    // A file in a closed folder seems not to exist, but asking for its attributes says why.
    private static JournalFault Missing(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
        }
        catch (UnauthorizedAccessException error)
        {
            return new JournalFault.StateUnreadable(path, StateFile.FirstLine(error.Message));
        }
        catch (IOException)
        {
            // There is no such file.
        }
        return new JournalFault.StateMissing(path);
    }

    // Earlier runs are a remark, so what is wrong with their folder is one, too.
    private static int? CountEarlier(string path, out string? fault)
    {
        fault = null;
        try
        {
            if (Directory.Exists(path))
                return Directory.GetDirectories(path).Length;
            if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
                return 0;
            fault = $"{path} is not a folder";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = StateFile.FirstLine(error.Message);
        }
        return null;
    }

    private static LearnedFacts Facts(string folder, RunState run)
    {
        var parameters = run.Header.Parameters;
        CostFractions? costs = parameters.CostModel is null
            ? new CostFractions(parameters.Costs.BuyFraction, parameters.Costs.SellFraction)
            : null;
        // The newest decision waits for its outcome.
        var unit = run.Pending is [.., var newest] ? newest.UnitFraction : (double?)null;
        try
        {
            return LearnedFacts.Of(run.Agent, run.Header.AgentSetup, costs, unit);
        }
        catch (InvalidDataException error)
        {
            throw StateFile.Misfit(Path.Combine(folder, RunFolder.StateName), error);
        }
    }

    private static IReadOnlyList<SavedFile> FilesOf(string folder) =>
        [
            .. names
                .Select(name => new FileInfo(Path.Combine(folder, name)))
                .Where(file => file.Exists)
                .Select(file => new SavedFile(file.Name, file.Length)),
        ];
}
