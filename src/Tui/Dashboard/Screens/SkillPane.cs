using BtcBandit.Engine.Evaluation;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Whether the result of the run is skill or may be luck: one sentence, and the numbers behind it.</summary>
internal static class SkillPane
{
    /// <summary>Number of rows that it needs on a wide screen.</summary>
    public const int Height = 5;

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var skill = model.Run.Skill;
        var moment = skill is null
            ? "after costs"
            : FormattableString.Invariant($"as of step {skill.Steps:N0}, after costs");
        var inner = canvas.Box("Skill or luck", moment);
        var rows = new Rows(inner);
        if (skill is null)
        {
            rows.Line("The verdict comes with the first steps.", Style.Muted);
            return;
        }

        foreach (var line in Wrapped.Lines($"{skill}", inner.Width))
            rows.Line(line, skill.IsEvidence ? Style.Good : Style.Plain);
        if (skill is { OverFlat: { } flat, OverBuyAndHold: { } held })
        {
            rows.Line(Of("OVER FLAT    ", flat), Style.Muted);
            rows.Line(Of("OVER BUY+HOLD", held), Style.Muted);
        }
    }

    private static string Of(string name, ExcessReturn excess) =>
        $"{name}  {Figures.Percent(excess.Sum)}, 95 %: {Figures.Percent(excess.Interval.Low)} .. {Figures.Percent(excess.Interval.High)}, 98 % sure: {Figures.Percent(excess.Least)}, sharpe above luck {FigureText.Share(excess.DeflatedSharpe)} (98 % needed)";
}
