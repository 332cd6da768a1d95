using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Tui.Wording;

/// <summary>Verdicts as text for people.</summary>
internal static class SkillText
{
    /// <summary>The sentence of a verdict as a paragraph, each line with its end.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="width">Number of characters of a line at most.</param>
    public static string Paragraph(SkillVerdict verdict, int width)
    {
        var text = new StringBuilder();
        var used = 0;
        foreach (var word in $"{verdict}".Split(' '))
        {
            if (used > 0)
                text.Append(used + 1 + word.Length > width ? '\n' : ' ');
            used = used > 0 && used + 1 + word.Length <= width ? used + 1 + word.Length : word.Length;
            text.Append(word);
        }
        return text.Append('\n').ToString();
    }

    /// <summary>The verdicts on the agents of a comparison that were asked for, one paragraph each; several agents with their
    /// names. Empty if none has a run.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="width">Number of characters of a line at most.</param>
    public static string Paragraphs(Comparison comparison, int width) =>
        Paragraphs(
            [.. comparison.Agents.Select(agent => (ComparisonFigures.LabelOf(agent, comparison), agent.Skill))],
            width
        );

    /// <summary>The verdicts on the agents of a walk-forward.</summary>
    /// <param name="result">The walk-forward.</param>
    /// <param name="width">Number of characters of a line at most.</param>
    public static string Paragraphs(WalkForwardResult result, int width) =>
        Paragraphs([.. result.Agents.Select(agent => (agent.Name, agent.Skill))], width);

    private static string Paragraphs(IReadOnlyList<(string Name, SkillVerdict? Skill)> agents, int width)
    {
        var text = new StringBuilder();
        foreach (var (name, skill) in agents)
        {
            if (skill is null)
                continue;
            if (agents.Count > 1)
                text.Append(name).Append('\n');
            text.Append(Paragraph(skill, width));
        }
        return text.ToString();
    }

    /// <summary>A verdict in few words, from the most to the fewest.</summary>
    /// <param name="verdict">The verdict; null if there is none yet.</param>
    public static string[] Brief(SkillVerdict? verdict) =>
        verdict?.Finding switch
        {
            null => ["-"],
            SkillFinding.Evidence => ["evidence, after costs, at level 2 %", "evidence, level 2 %", "evidence"],
            SkillFinding.NotRecorded => ["not known: an earlier version began the run", "not known"],
            SkillFinding.TooShort => [$"no evidence: {SkillVerdict.FewestBlocks} steps are needed", "no evidence yet"],
            SkillFinding.TooIdle => ["no evidence: too few trades to tell", "no evidence"],
            SkillFinding.OverFlat =>
            [
                "no evidence: no better than flat by more than luck",
                "no evidence over flat",
                "no evidence",
            ],
            SkillFinding.OverBuyAndHold =>
            [
                "no evidence: no better than buy+hold by more than luck",
                "no evidence over buy+hold",
                "no evidence",
            ],
            _ => ["no evidence: may be the luckiest of the trials", "no evidence"],
        };
}
