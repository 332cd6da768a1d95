using System.Globalization;
using System.Text.Json;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Journal;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Decides whether a folder's run goes on or is to make room for a new one.</summary>
internal static class RunOpening
{
    /// <summary>Where a session begins.</summary>
    /// <param name="Resume">What it continues from; null for a new run.</param>
    /// <param name="Learned">What a new run's agent starts with; null is the prior.</param>
    /// <param name="MakeRoom">Sets aside whole what is in the folder; called when a new run has its first step.</param>
    public readonly record struct Beginning(StateDocument? Resume, AgentState? Learned, Action MakeRoom);

    /// <summary>Reads what is in the folder; nothing is changed.</summary>
    /// <exception cref="JournalException">The state cannot be used.</exception>
    /// <exception cref="UsageException">Learning was to be kept and does not fit.</exception>
    public static Beginning Decide(SessionPlan plan, RunFolder folder, Action<string> tell)
    {
        folder.RequireFiles();
        StateDocument? saved = null;
        try
        {
            saved = StateFile.Read(folder.StatePath);
        }
        catch (JournalException) when (plan.Fresh && !plan.KeepLearning)
        {
            // It is moved below, as it is.
        }

        var difference = saved is null ? null : Difference(saved.Run.Header, plan.Header);
        if (saved is not null && difference is null && !plan.Fresh)
        {
            tell($"continuing {plan.Header.Source} after step {saved.Run.Statistics.Steps}");
            if (saved.Arithmetic != StateFile.Arithmetic)
                tell(
                    $"the run was saved by a version with arithmetic {saved.Arithmetic}, this one has {StateFile.Arithmetic}: last digits differ, so it becomes what neither version alone would have made of it"
                );
            return new Beginning(saved, null, static () => { });
        }

        var learned = plan.KeepLearning ? LearningOf(saved, plan, tell) : null;
        return new Beginning(null, learned, MakeRoom);

        void MakeRoom()
        {
            if (folder.SetAside(saved?.Run) is { } kept)
                tell(
                    $"new run ({(plan.Fresh ? "--fresh" : difference ?? "there is no state.json")}); the run before is in {kept}"
                );
        }
    }

    private static AgentState? LearningOf(StateDocument? saved, SessionPlan plan, Action<string> tell)
    {
        if (saved is null)
        {
            tell($"--keep-learning: there is no run in {plan.DataDir} to learn from, starting from the prior");
            return null;
        }

        var (before, now) = (saved.Run.Header, plan.Header);
        if (before.Parameters.Agent != now.Parameters.Agent)
            throw new UsageException(
                $"--keep-learning: the run before used agent {before.Parameters.Agent}, this one {now.Parameters.Agent}"
            );
        if (before.Parameters.Model != now.Parameters.Model)
            throw new UsageException(
                $"--keep-learning: the run before used model {Shown(before.Parameters.Model)}, this one {Shown(now.Parameters.Model)}"
            );
        if (before.Parameters.Horizon != now.Parameters.Horizon)
            throw new UsageException(
                $"--keep-learning: the run before used horizon {Horizon(before)}, this one {Horizon(now)}"
            );
        if (!before.Features.SequenceEqual(now.Features))
            throw new UsageException(
                $"--keep-learning: the run before learned on features {Names(before.Features)}, this one has {Names(now.Features)}; pass --indicators {before.Parameters.Indicators}"
            );
        return saved.Run.Agent;
    }

    private static string Horizon(RunHeader header) =>
        header.Parameters.Horizon?.ToString(CultureInfo.InvariantCulture) ?? "auto";

    private static string Names(string[] features) => string.Join(' ', features);

    /// What makes the runs different ones, for people; null when they are the same.
    private static string? Difference(RunHeader before, RunHeader now)
    {
        if (before.Source != now.Source)
            return $"source was {before.Source}, is {now.Source}";
        if (before.Parameters != now.Parameters)
            return string.Join(", ", Changed(before.Parameters, now.Parameters));
        if (!before.Columns.SequenceEqual(now.Columns))
            return $"columns were {Names(before.Columns)}, are {Names(now.Columns)}";
        return before.Features.SequenceEqual(now.Features)
            ? null
            : $"features were {Names(before.Features)}, are {Names(now.Features)}";
    }

    private static IEnumerable<string> Changed(RunParameters before, RunParameters now) =>
        from property in typeof(RunParameters).GetProperties()
        let values = (Before: property.GetValue(before), Now: property.GetValue(now))
        where !Equals(values.Before, values.Now)
        select $"--{Kebab(property.Name)} was {Shown(values.Before)}, is {Shown(values.Now)}";

    // As the command line has it.
    private static string Shown(object? value) =>
        value switch
        {
            null => "auto",
            Enum name => Kebab(name.ToString()),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
