using System.Globalization;

namespace BtcBandit.Engine.Journal;

/// <summary>Why the files of a run cannot be used, as data. A closed union; the front end words the message.</summary>
/// <remarks><see cref="object.ToString"/> gives a plain sentence for logs and exceptions.</remarks>
public abstract record JournalFault
{
    private JournalFault() { }

    /// <summary>Another process is using the folder.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Owner">Id of that process; null if it is not known.</param>
    /// <param name="LockFile">The lock file that it holds.</param>
    public sealed record FolderInUse(string Folder, string? Owner, string LockFile) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{Folder} is in use by {(Owner is null ? "another process" : $"process {Owner}")} (see {LockFile}); wait for it or choose another folder";
    }

    /// <summary>The folder cannot be written.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Reason">The message of the operating system.</param>
    public sealed record FolderUnwritable(string Folder, string Reason) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Folder} cannot be written: {Reason}";
    }

    /// <summary>There is a folder in place of one of the run's files.</summary>
    /// <param name="File">Path where the file belongs.</param>
    public sealed record FolderInPlaceOfFile(string File) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} is a folder; a file of the run belongs there";
    }

    /// <summary>There is a pipe or a socket in place of one of the run's files.</summary>
    /// <param name="File">Path where the file belongs.</param>
    public sealed record PipeInPlaceOfFile(string File) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} is a pipe or a socket; a file of the run belongs there";
    }

    /// <summary>The previous run cannot be moved out of the folder.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Reason">The message of the operating system.</param>
    public sealed record OldRunNotMoved(string Folder, string Reason) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"the old run in {Folder} cannot be moved to its runs folder: {Reason}";
    }

    /// <summary>The state file cannot be read.</summary>
    /// <param name="File">The state file.</param>
    /// <param name="Reason">The message of the operating system.</param>
    public sealed record StateUnreadable(string File, string Reason) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} cannot be read: {Reason}";
    }

    /// <summary>The state was written by a newer version of the program.</summary>
    /// <param name="File">The state file.</param>
    /// <param name="Schema">Schema number of the file.</param>
    /// <param name="Newest">Newest schema number that this version reads.</param>
    public sealed record StateTooNew(string File, int Schema, int Newest) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{File}: schema {Schema} is newer than this program, which reads up to {Newest}; it is left as it is";
    }

    /// <summary>The file is not a state that this program can continue.</summary>
    /// <param name="File">The state file.</param>
    /// <param name="Reason">What is wrong with the file.</param>
    public sealed record StateUnusable(string File, string Reason) : JournalFault
    {
        /// <summary>Path of the previous version of the file; null if there is none.</summary>
        public string? Backup { get; init; }

        /// <inheritdoc/>
        public override string ToString() =>
            $"{File} is not a state of this program: {Reason}; it is left as it is{(Backup is null ? "" : $": restore {BackupName} over it")}";

        // The backup of a linked state is beside the target of the link.
        private string BackupName => Backup == File + ".bak" ? Path.GetFileName(Backup) : Backup!;
    }

    /// <summary>The file is not what a retraining has written.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record LearningUnusable(string File, string Reason) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{File} does not hold what an agent has learned: {Reason}; it is left as it is: delete it, or retrain again";
    }

    /// <summary>There is a state file, but its file of rows is missing.</summary>
    /// <param name="File">Path where the rows belong.</param>
    public sealed record RowsMissing(string File) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"{File} is missing, but there is a state.json that counts its rows: restore it";
    }

    /// <summary>The file of rows is shorter than the state says.</summary>
    /// <param name="File">The file of rows.</param>
    /// <param name="Bytes">Length of the file in bytes.</param>
    /// <param name="Expected">Length according to the state, in bytes.</param>
    public sealed record RowsTooShort(string File, long Bytes, long Expected) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{File} has {Bytes} {(Bytes == 1 ? "byte" : "bytes")} where state.json accounts for {Expected}: restore it"
            );
    }

    /// <summary>The folder has no state, so there is no run in it.</summary>
    /// <param name="File">Path where the state belongs.</param>
    public sealed record StateMissing(string File) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"there is no run in {Path.GetDirectoryName(File)}: {Path.GetFileName(File)} is missing";
    }

    /// <summary>A line in the file of rows is not the row of a step, or not that of the next step.</summary>
    /// <param name="File">The file of rows.</param>
    /// <param name="Line">Number of the line, from 1; the header is line 1.</param>
    public sealed record RowDamaged(string File, long Line) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{File}: line {Line} is not the row that belongs there");
    }

    /// <summary>The file in place of the rows has another header.</summary>
    /// <param name="File">The file.</param>
    public sealed record RowsForeign(string File) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{File} does not begin with the header of this program's trades.csv";
    }

    /// <summary>Rows and state do not match.</summary>
    /// <param name="File">The file of rows.</param>
    /// <param name="Step">Number of the step that the state expects in the last row.</param>
    public sealed record RowsChanged(string File, long Step) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{File} does not have the row of step {Step} where state.json expects it, so one of the two files was changed: restore it"
            );
    }

    /// <summary>Writing the journal failed.</summary>
    /// <param name="Folder">Folder of the run.</param>
    /// <param name="Reason">The message of the operating system.</param>
    /// <param name="SavedStep">Number of the last step that is saved.</param>
    public sealed record WriteFailed(string Folder, string Reason, long SavedStep) : JournalFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"the journal in {Folder} cannot be written: {Reason}; the run is saved up to step {SavedStep}"
            );
    }
}
