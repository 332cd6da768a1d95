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
    private static readonly string[] names = ["state.json", "state.json.bak", "trades.csv"];

    /// <summary>The folder, as it was passed.</summary>
    public required string Folder { get; init; }

    /// <summary>State of the run.</summary>
    public required RunState Run { get; init; }

    /// <summary>What the agent has learned.</summary>
    public required LearnedFacts Learned { get; init; }

    /// <summary>How often each action was chosen.</summary>
    public required ActionCounts Actions { get; init; }

    /// <summary>Results per UTC month.</summary>
    public required IReadOnlyList<RunMonth> Months { get; init; }

    /// <summary>The newest executions, in order of time.</summary>
    public required IReadOnlyList<SavedTrade> Trades { get; init; }

    /// <summary>Equity at up to 128 closes, each the last of a stretch of <see cref="StepsPerPoint"/> steps. The last stretch may be
    /// shorter and ends with the newest step.</summary>
    public required IReadOnlyList<double> Equity { get; init; }

    /// <summary>Number of steps in each stretch of <see cref="Equity"/> but the last.</summary>
    public required long StepsPerPoint { get; init; }

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
        var path = Path.Combine(folder, "state.json");
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

    private static RunInspection Of(string folder, StateDocument document, int trades)
    {
        var (run, parameters) = (document.Run, document.Run.Header.Parameters);
        var totals = new RowTotals(parameters.InitialCash, parameters.Fill, trades);
        var rows = Path.Combine(folder, "trades.csv");
        var length = TradesReader.Read(rows, document.TradesBytes, run, totals.Next);
        var earlier = CountEarlier(Path.Combine(folder, "runs"), out var earlierFault);
        return new RunInspection
        {
            Folder = folder,
            Run = run,
            Learned = Facts(folder, run),
            Actions = totals.Actions,
            Months = totals.Months,
            Trades = totals.Trades,
            Equity = totals.Equity,
            StepsPerPoint = totals.StepsPerPoint,
            Files = FilesOf(folder),
            BytesAfterState = length - document.TradesBytes,
            EarlierRuns = earlier,
            EarlierRunsFault = earlierFault,
        };
    }

    private static StateDocument Read(string path)
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
        try
        {
            return LearnedFacts.Of(run.Agent, parameters, costs);
        }
        catch (InvalidDataException error)
        {
            throw StateFile.Misfit(Path.Combine(folder, "state.json"), error);
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
