using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class AlertEngineTests
{
    private const long Minute = 60_000;
    private const long Start = 1_752_000_000_000;

    private static readonly BelowTargetRule Held =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, HoldMillis = 10 * Minute };

    private readonly AlertEngine engine = new(AlertLimits.Default);

    [Fact]
    public void ConditionWithoutHold_FiresAtOnce()
    {
        var evaluation = engine.Evaluate([Bad("1", Held with { HoldMillis = 0 })], Start);

        var alert = Assert.Single(evaluation.Current);
        Assert.Equal((AlertState.Firing, Start, Start), (alert.State, alert.PendingSince, alert.FiringSince));
        var transition = Assert.Single(evaluation.Transitions);
        Assert.Equal((AlertState.Inactive, true), (transition.From, transition.IsNews));
    }

    [Fact]
    public void ConditionThatHolds_GoesThroughPendingToFiringToResolved()
    {
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start)).State);
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute) - 1)).State);
        var firing = engine.Evaluate([Bad("1")], Start + (10 * Minute));
        Assert.Equal((AlertState.Firing, Start, Start + (10 * Minute)), (Only(firing).State, Only(firing).PendingSince, Only(firing).FiringSince));
        Assert.Equal(AlertState.Pending, Assert.Single(firing.Transitions).From);
        var after = engine.Evaluate([Bad("1")], Start + (11 * Minute));
        Assert.Empty(after.Transitions);
        var resolved = engine.Evaluate([Good("1")], Start + (12 * Minute));
        Assert.Equal((AlertState.Resolved, Start + (12 * Minute)), (Only(resolved).State, Only(resolved).ResolvedAt));
        Assert.Equal(80, Only(resolved).Reading.Numerator);
        Assert.Equal((AlertState.Firing, true), (resolved.Transitions[0].From, resolved.Transitions[0].IsNews));
    }

    [Fact]
    public void AClockPutForward_IsNoTimeHeld()
    {
        engine.Evaluate([Bad("1")], Start);
        engine.Evaluate([Bad("1")], Start + Minute);
        engine.Interrupt();
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (60 * Minute))).State);
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (69 * Minute) - 1)).State);
        Assert.Equal(AlertState.Firing, Only(engine.Evaluate([Bad("1")], Start + (69 * Minute))).State);
    }

    [Fact]
    public void ConditionThatEndsEarly_NeverFires()
    {
        engine.Evaluate([Bad("1")], Start);
        var evaluation = engine.Evaluate([Good("1")], Start + (9 * Minute));

        Assert.Empty(evaluation.Current);
        var transition = Assert.Single(evaluation.Transitions);
        Assert.Equal((AlertState.Pending, AlertState.Inactive, false), (transition.From, transition.Alert.State, transition.IsNews));
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute))).State);
    }

    [Fact]
    public void MissingData_DoesNotFire()
    {
        Assert.Empty(engine.Evaluate([Missing("1", Held with { HoldMillis = 0 })], Start).Current);
        Assert.Empty(engine.Evaluate([], Start + Minute).Current);
    }

    [Fact]
    public void MissingData_DoesNotAdvancePending()
    {
        engine.Evaluate([Bad("1")], Start);
        engine.Evaluate([Bad("1")], Start + (4 * Minute));
        Assert.True(Only(engine.Evaluate([Missing("1")], Start + (60 * Minute))).IsMissing);
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([], Start + (120 * Minute))).State);
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (180 * Minute))).State);
        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (186 * Minute) - 1)).State);
        Assert.Equal(AlertState.Firing, Only(engine.Evaluate([Bad("1")], Start + (186 * Minute))).State);
    }

    [Fact]
    public void MissingData_DoesNotResolve()
    {
        var rule = Held with { HoldMillis = 0 };
        engine.Evaluate([Bad("1", rule)], Start);

        Assert.Equal((AlertState.Firing, true), (Only(engine.Evaluate([Missing("1", rule)], Start + Minute)).State, true));
        var absent = engine.Evaluate([], Start + (2 * Minute));
        Assert.Equal((AlertState.Firing, true), (Only(absent).State, Only(absent).IsMissing));
        Assert.Equal(50, Only(absent).Reading.Numerator);
        Assert.Empty(absent.Transitions);
        Assert.Equal(AlertState.Resolved, Only(engine.Evaluate([Good("1", rule)], Start + (3 * Minute))).State);
    }

    [Fact]
    public void ConditionThatReturns_IsANewAlertBesideTheResolvedOne()
    {
        var rule = Held with { HoldMillis = 0 };
        engine.Evaluate([Bad("1", rule)], Start);
        engine.Evaluate([Good("1", rule)], Start + Minute);

        var evaluation = engine.Evaluate([Bad("1", rule)], Start + (2 * Minute));

        Assert.Equal([(AlertState.Firing, Start + (2 * Minute)), (AlertState.Resolved, Start)],
            evaluation.Current.Select(alert => (alert.State, alert.PendingSince)));
    }

    [Fact]
    public void ResolvedAlerts_LeaveTheListByAgeAndByNumber()
    {
        var rule = Held with { HoldMillis = 0 };
        var small = new AlertEngine(new AlertLimits { MaxResolved = 2, ResolvedListedMillis = 5 * Minute });
        string[] units = ["a", "b", "c"];
        small.Evaluate([.. units.Select(unit => Bad(unit, rule))], Start);
        for (var i = 0; i < units.Length; i++)
        {
            small.Evaluate([Good(units[i], rule)], Start + (i * Minute));
        }

        Assert.Equal(["b", "c"], small.Evaluate([], Start + (3 * Minute)).Current.Select(alert => alert.Unit));
        Assert.Equal(["c"], small.Evaluate([], Start + (6 * Minute)).Current.Select(alert => alert.Unit));
        Assert.Empty(small.Evaluate([], Start + (7 * Minute)).Current);
    }

    [Fact]
    public void MoreAlertsThanAreKept_AreCounted()
    {
        var small = new AlertEngine(new AlertLimits { MaxActive = 2 });

        Assert.Equal(2, small.Evaluate([Bad("a"), Bad("b"), Bad("c")], Start).Current.Count);
        Assert.Equal(1, small.NotFollowed);
    }

    [Fact]
    public void ASmallStepBack_StandsStill()
    {
        engine.Evaluate([Bad("1")], Start);
        engine.Evaluate([Bad("1")], Start - 2_000);

        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute) - 1)).State);
        Assert.Equal(AlertState.Firing, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute))).State);
    }

    /// <summary>It used to wait until the clock had caught up with where it had been.</summary>
    [Fact]
    public void AClockSetAheadAndPutRight_DelaysNoAlert()
    {
        engine.Evaluate([], Start + (180 * Minute));
        engine.Evaluate([Bad("1")], Start);

        Assert.Equal(AlertState.Pending, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute) - 1)).State);
        Assert.Equal(AlertState.Firing, Only(engine.Evaluate([Bad("1")], Start + (10 * Minute))).State);
    }

    [Fact]
    public void SeveralAlerts_AreListedFiringFirstThenByRuleAndUnit()
    {
        var now = Held with { HoldMillis = 0 };
        var other = now with { Figure = "digitised" };

        var current = engine.Evaluate([Bad("2", now), Bad("3"), Bad("1", now), Bad("9", other)], Start).Current;

        Assert.Equal(["digitised/9", "fully_online/1", "fully_online/2", "fully_online/3"], current.Select(alert => $"{alert.Rule.Figure}/{alert.Unit}"));
    }

    private static Alert Only(AlertEvaluation evaluation) => Assert.Single(evaluation.Current);

    [Fact]
    public void BetweenBothConditions_AnAlertStaysAsItIsAndNoHoldRunsOn()
    {
        var rule = new MarkedRule { Figure = "fully_online", HoldMillis = 10 };
        AlertState? After(long marked, long now) =>
            engine.Evaluate([new AlertReading(rule, "A", marked, null, null, HasData: true)], now).Current is [var alert] ? alert.State : null;

        Assert.Equal(AlertState.Pending, After(2, 0));
        Assert.Equal(AlertState.Pending, After(1, 9));
        Assert.Equal(AlertState.Pending, After(1, 50));
        Assert.Equal(AlertState.Pending, After(2, 60));
        Assert.Equal(AlertState.Firing, After(2, 70));
        Assert.Equal(AlertState.Firing, After(1, 80));
        Assert.Equal(AlertState.Resolved, After(0, 90));
    }

    /// <summary>Met by 2, clear by 0, between the two by 1.</summary>
    private sealed record MarkedRule : AlertRule
    {
        public override AlertKind Kind => AlertKind.Ratio;

        protected override string OwnId => "marked";

        public override Period Period { get; } = new("now", PeriodKind.Now);

        public override Judgement Judge(in AlertReading reading, long now) =>
            reading.Denominator switch { 0 => Judgement.Clear, 1 => Judgement.Between, _ => Judgement.Met };
    }

    private static AlertReading Bad(string unit, AlertRule? rule = null) => new(rule ?? Held, unit, 100, 50, 0.7, HasData: true);

    private static AlertReading Good(string unit, AlertRule? rule = null) => new(rule ?? Held, unit, 100, 80, 0.7, HasData: true);

    private static AlertReading Missing(string unit, AlertRule? rule = null) => new(rule ?? Held, unit, 100, 80, 0.7, HasData: false);
}
