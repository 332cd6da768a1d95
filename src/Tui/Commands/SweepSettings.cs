using System.CommandLine;
using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Tui.Commands;

/// <summary>Reads the values of a sweep's settings as the flags of a run read them.</summary>
internal sealed class SweepSettings
{
    // The spec says how many seeds there are, and the train part is what teaches the agent.
    private static readonly string[] notOfSettings = ["--seed", "--history"];

    private readonly RunFlags run = new();
    private readonly Command command = new("setting");

    public SweepSettings()
    {
        run.AddTo(command);
        Names =
        [
            .. command
                .Options.Select(option => option.Name)
                .Except(notOfSettings, StringComparer.Ordinal)
                .Select(name => name[2..]),
        ];
    }

    /// <summary>Names of the parameters that settings may have.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Returns the parameters of a setting.</summary>
    /// <exception cref="SweepException">A value is not accepted.</exception>
    public RunParameters Read(Setting setting)
    {
        var parsed = command.Parse([.. setting.Values.SelectMany(value => new[] { $"--{value.Key}", value.Value })]);
        return parsed.Errors.Count == 0
            ? run.Read(parsed, defaultHistory: 0)
            : throw new SweepException(parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.').TrimStart('-'));
    }
}
