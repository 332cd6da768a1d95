using System.Runtime.ExceptionServices;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Journal of a run: writes a row for every step, and regular checkpoints.</summary>
/// <remarks>
/// Its failure must end the run, so call it in the stream with <c>Do</c>, before steps are published. Rows reach the disk
/// before the state that counts them, so after a crash the state is never ahead of the rows. Not thread-safe:
/// <see cref="CheckpointNow"/> must not run during a step.
/// </remarks>
internal sealed class StepJournal : IObserver<MadeStep>, IDisposable
{
    private readonly RunFolder folder;
    private readonly Func<RunState> capture;
    private readonly Action archiveOldRun;
    private readonly Action<string, long> remaking;
    private TradesFile? trades;
    private long newest;
    private long savedStep;
    private bool isDisposed;

    // After a failure nothing more is saved, even if there is room again: the newest step's row may be missing.
    private Exception? failure;

    /// <summary>Prepares to start or continue the files of a run; nothing is changed before the first step.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="resume">State to continue from; null for a new run.</param>
    /// <param name="checkpointEvery">Steps between two checkpoints, at least 1.</param>
    /// <param name="capture">Returns the run's state after its newest step.</param>
    /// <param name="archiveOldRun">Called before the first row of a new run; moves the old run's files away.</param>
    /// <param name="remaking">Called with the file and the number of bytes cut off after the last checkpoint.</param>
    /// <exception cref="JournalException">The files cannot be continued; they are not changed.</exception>
    public StepJournal(
        RunFolder folder,
        StateDocument? resume,
        int checkpointEvery,
        Func<RunState> capture,
        Action archiveOldRun,
        Action<string, long> remaking
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpointEvery, 1);
        (this.folder, this.capture) = (folder, capture);
        (CheckpointEvery, this.archiveOldRun, this.remaking) = (checkpointEvery, archiveOldRun, remaking);
        savedStep = resume?.Run.Statistics.Steps ?? 0;
        if (resume is not null)
            trades = OnDisk(() => TradesFile.Continue(folder.TradesPath, resume.TradesBytes, resume.Run));
    }

    /// <summary>Creates the file of rows of a new run at a path.</summary>
    internal Func<string, TradesFile> CreateTrades { get; init; } = TradesFile.Create;

    /// <summary>State last saved by this journal; null before the first checkpoint.</summary>
    public RunState? Saved { get; private set; }

    /// <summary>Steps between two checkpoints, at least 1. Set it on the run's thread only.</summary>
    public int CheckpointEvery { get; set; }

    /// <summary>Saves the newest step unless it is already saved. Call it between two steps.</summary>
    /// <exception cref="JournalException">The files cannot be written.</exception>
    public void CheckpointNow()
    {
        ThrowIfFailed();
        try
        {
            if (newest != 0 && newest != savedStep)
                Checkpoint();
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnNext(MadeStep value)
    {
        ThrowIfFailed();
        try
        {
            if (newest == 0)
                Begin();
            newest = value.Number;
            try
            {
                trades!.Append(value);
            }
            catch (Exception error) when (DiskErrors.Includes(error))
            {
                throw Failure(error);
            }

            // Save after the first step too, so that the run can be continued from then on.
            if (newest == 1 || newest % CheckpointEvery == 0)
                Checkpoint();
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnCompleted() => CheckpointNow();

    /// <summary>Saves the newest step. The run must be whole: an error that interrupted a step is not for the journal.</summary>
    /// <exception cref="AggregateException">Saving failed too; holds both errors, the given one first.</exception>
    public void OnError(Exception error)
    {
        try
        {
            CheckpointNow();
        }
        catch (Exception second) when (!ReferenceEquals(second, error))
        {
            throw new AggregateException(error, second);
        }
    }

    /// <summary>Closes the file of rows; after that, nothing is written. Further calls do nothing.</summary>
    public void Dispose()
    {
        isDisposed = true;
        trades?.Dispose();
    }

    private void Begin()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (trades is null)
        {
            archiveOldRun();
            trades = OnDisk(() => CreateTrades(folder.TradesPath));
        }
        else if (OnDisk(() => trades.Surplus) is > 0 and var surplus)
        {
            remaking(folder.TradesPath, surplus);
            OnDisk(trades.Cut);
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Checkpoint()
    {
        // An exception of the agent is no fault of the disk, whatever its type.
        var state = capture();
        OnDisk(() =>
        {
            trades!.Flush(toDisk: true);
            StateFile.Write(
                folder.StatePath,
                new StateDocument(StateFile.Schema, trades.Length, state, StateFile.Arithmetic)
            );
        });
        (Saved, savedStep) = (state, newest);
    }

    private void OnDisk(Action write) =>
        OnDisk(() =>
        {
            write();
            return true;
        });

    // The exceptions of file operations, and no others, are faults of the disk.
    private T OnDisk<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw Failure(error);
        }
    }

    private JournalException Failure(Exception error)
    {
        var reason = StateFile.FirstLine(DiskErrors.Reason(error));
        return new JournalException(new JournalFault.WriteFailed(folder.Location, reason, savedStep), error);
    }
}
