using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Journal;

/// <summary>The audit of a run: a row for every step, a checkpoint now and then and at the end.</summary>
/// <remarks>
/// An observer whose failure must stop the run: subscribe it with <c>Do</c>, before anything is published. Rows reach the disk
/// before the state that accounts for them, so after a crash the state is never ahead of the rows.
/// </remarks>
public sealed class StepJournal : IObserver<Step>, IDisposable
{
    private readonly string statePath;
    private readonly TradesFile trades;
    private readonly int checkpointEvery;
    private Step? newest;
    private long savedStep;

    /// <summary>Starts or continues the files of a folder.</summary>
    /// <param name="folder">A folder without a run, or with the one that <paramref name="resume"/> is the state of.</param>
    /// <param name="resume">The state to continue from; null for a new run.</param>
    /// <param name="checkpointEvery">Steps between two checkpoints, at least 1.</param>
    /// <exception cref="JournalException">The files cannot be used; they are left alone.</exception>
    public StepJournal(RunFolder folder, StateDocument? resume, int checkpointEvery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpointEvery, 1);
        this.checkpointEvery = checkpointEvery;
        statePath = folder.StatePath;
        savedStep = resume?.Run.Statistics.Steps ?? 0;
        try
        {
            long cut = 0;
            trades = resume is null
                ? TradesFile.Create(folder.TradesPath)
                : TradesFile.Continue(folder.TradesPath, resume.TradesBytes, out cut);
            RepairedBytes = cut;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"{folder.TradesPath} cannot be written: {StateFile.FirstLine(error.Message)}",
                error
            );
        }
    }

    /// <summary>Bytes of rows after the last checkpoint that were cut off at the start.</summary>
    public long RepairedBytes { get; }

    /// <summary>The state as last saved by this journal; null before.</summary>
    public RunState? Saved { get; private set; }

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        newest = value;
        try
        {
            trades.Append(value);
            // The first step too: from then on there is a state to continue from.
            if (value.Number == 1 || value.Number % checkpointEvery == 0)
                Checkpoint(value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
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
    public void Dispose() => trades.Dispose();

    private void SaveTheEnd()
    {
        try
        {
            if (newest is not null && newest.Number != savedStep)
                Checkpoint(newest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error);
        }
    }

    private void Checkpoint(Step step)
    {
        trades.Flush(toDisk: true);
        Saved = step.Capture();
        StateFile.Write(statePath, new StateDocument(StateFile.Schema, trades.Length, Saved));
        savedStep = step.Number;
    }

    private JournalException Failure(Exception error) =>
        new(
            $"the journal in {Path.GetDirectoryName(statePath)} cannot be written: {StateFile.FirstLine(error.Message)}; the run stopped, saved up to step {savedStep}",
            error
        );
}
