using System.Collections.Immutable;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Commands;

/// <summary>One dashboard for a warm-up and the session after it: their steps and modes, one after the other.</summary>
internal sealed class DashboardRelay : IDisposable
{
    private readonly Subject<Step> steps = new();
    private readonly BehaviorSubject<RunMode> modes;
    private readonly TimeSpan window;
    private readonly double target;
    private readonly IObservable<RunMode> after;
    private readonly SerialDisposable following = new();
    private readonly SerialDisposable feedModes = new();
    private bool hasBegun;
    private volatile Session? session;
    private volatile WarmUp? warmUp;
    private int pass = 1;
    private double? best;

    /// <param name="terms">Terms of the warm-up.</param>
    /// <param name="window">Length of its window.</param>
    /// <param name="after">Modes of the session.</param>
    public DashboardRelay(WarmUpTerms terms, TimeSpan window, IObservable<RunMode> after)
    {
        (this.window, target, this.after) = (window, terms.MinimumReturn, after);
        modes = new BehaviorSubject<RunMode>(Mode);
        // While the window is fetched, the feed is what there is to see.
        feedModes.Disposable = after.Subscribe(modes.OnNext, static _ => { });
    }

    /// <summary>Steps of the passes, then those of the session.</summary>
    public IObservable<Step> Steps => steps.AsObservable();

    /// <summary>The mode now, then every change.</summary>
    public IObservable<RunMode> Modes => modes.AsObservable();

    /// <summary>How the experts of the warm-up's pass stand, or those of the session once it has begun; empty before both.</summary>
    public ImmutableArray<ExpertStanding> Experts => session?.Experts ?? warmUp?.Experts ?? [];

    /// <summary>What the session is judged by; null during the warm-up.</summary>
    public RunGrowth? Growth => session?.Growth;

    private RunMode.WarmUp Mode => new(pass, window, target, best);

    /// <summary>Saves the session, once it has begun.</summary>
    public void SaveSoon() => session?.SaveSoon();

    /// <summary>Shows a step of the warm-up.</summary>
    public void Show(Step step, WarmUpPass at)
    {
        if (at.Number != pass || !hasBegun)
        {
            (pass, hasBegun) = (at.Number, true);
            feedModes.Disposable = null;
            modes.OnNext(Mode);
        }
        steps.OnNext(step);
        if (at.IsWhole)
            best = Math.Max(best ?? double.NegativeInfinity, at.NetReturn);
    }

    /// <summary>Shows the experts of a warm-up; call it before its first pass.</summary>
    public void Follow(WarmUp next) => warmUp = next;

    /// <summary>Shows the steps of the session; call it before it runs.</summary>
    public void Follow(Session next)
    {
        session = next;
        feedModes.Disposable = after.Subscribe(modes);
        following.Disposable = next.Steps.Subscribe(steps);
    }

    /// <summary>There will be no more steps.</summary>
    public void End() => steps.OnCompleted();

    /// <inheritdoc/>
    public void Dispose()
    {
        feedModes.Dispose();
        following.Dispose();
        steps.Dispose();
        modes.Dispose();
    }
}
