using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Journal;

/// <summary>The audit of a run: a row for every step, a checkpoint now and then and at the end.</summary>
/// <remarks>
/// An observer whose failure must stop the run: subscribe it with <c>Do</c>, before anything is published. Rows reach the disk
/// before the state that accounts for them, so after a crash the state is never ahead of the rows.
/// </remarks>
public sealed class StepJournal : IObserver<Step>, IDisposable
{
    private readonly RunFolder folder;
    private readonly Action makeRoom;
    private readonly Action<string> tell;
    private TradesFile? trades;
    private Step? newest;
    private long savedStep;
    private volatile bool isAsked;

    // After a failure nothing is saved any more: the newest step's row may be missing, though there be room again.
    private JournalException? failure;

    /// <summary>Prepares to start or to continue the files of a folder; nothing is changed before the first step.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="resume">The state to continue from; null for a new run.</param>
    /// <param name="checkpointEvery">Steps between two checkpoints, at least 1.</param>
    /// <param name="makeRoom">Called before a new run's first row: sets aside what is in the folder.</param>
    /// <param name="tell">Told in one line what was repaired.</param>
    /// <exception cref="JournalException">The files to continue cannot be used; they are left alone.</exception>
    public StepJournal(
        RunFolder folder,
        StateDocument? resume,
        int checkpointEvery,
        Action makeRoom,
        Action<string> tell
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpointEvery, 1);
        (this.folder, CheckpointEvery, this.makeRoom, this.tell) = (folder, checkpointEvery, makeRoom, tell);
        savedStep = resume?.Run.Statistics.Steps ?? 0;
        try
        {
            trades = resume is null
                ? null
                : TradesFile.Continue(
                    folder.TradesPath,
                    resume.TradesBytes,
                    resume.Run.LastCandle.OpenTime,
                    resume.Run.Statistics.Steps
                );
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            throw Failure(error);
        }
    }

    /// <summary>Starts the rows of a new run in a file of that name.</summary>
    internal Func<string, TradesFile> CreateTrades { get; init; } = TradesFile.Create;

    /// <summary>The state as last saved by this journal; null before.</summary>
    public RunState? Saved { get; private set; }

    /// <summary>Steps between two checkpoints, at least 1. Changed on the run's thread only.</summary>
    public int CheckpointEvery { get; set; }

    /// <summary>Asks for a checkpoint at the next step, from any thread.</summary>
    public void CheckpointSoon() => isAsked = true;

    /// <summary>Makes the checkpoint that was asked for. On the run's thread, between two steps.</summary>
    public void CheckpointIfAsked()
    {
        if (isAsked)
            SaveTheEnd();
    }

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        ThrowIfFailed();
        try
        {
            if (newest is null)
                Begin();
            newest = value;
            trades!.Append(value);
            // The first step too: from then on there is a state to continue from.
            if (value.Number == 1 || value.Number % CheckpointEvery == 0 || isAsked)
                Checkpoint(value);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            throw Failure(error);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted() => SaveTheEnd();

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        try
        {
            SaveTheEnd();
        }
        catch (InvalidOperationException)
        {
            // The fault struck inside a step: the last checkpoint stands, and the rows after it are made again.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => trades?.Dispose();

    private void Begin()
    {
        if (trades is null)
        {
            makeRoom();
            trades = CreateTrades(folder.TradesPath);
        }
        else if (trades.Surplus > 0)
        {
            tell($"{folder.TradesPath}: {trades.Surplus} bytes after the last checkpoint are made again");
            trades.Cut();
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
            throw failure;
    }

    private void SaveTheEnd()
    {
        isAsked = false;
        ThrowIfFailed();
        try
        {
            if (newest is not null && newest.Number != savedStep)
                Checkpoint(newest);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            throw Failure(error);
        }
    }

    private void Checkpoint(Step step)
    {
        isAsked = false;
        trades!.Flush(toDisk: true);
        Saved = step.Capture();
        StateFile.Write(
            folder.StatePath,
            new StateDocument(StateFile.Schema, trades.Length, Saved, StateFile.Arithmetic)
        );
        savedStep = step.Number;
    }

    // The third is the runtime's word for a file that may not grow: a limit, or a disk whose files end at 4 GiB.
    private static bool IsOfTheDisk(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    private JournalException Failure(Exception error)
    {
        var reason =
            error is ArgumentOutOfRangeException ? "a file may not grow further" : StateFile.FirstLine(error.Message);
        return failure = new JournalException(
            $"the journal in {folder.Location} cannot be written: {reason}; the run is saved up to step {savedStep}",
            error
        );
    }
}
