using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Configuration.Text;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Tests.Sources.Loads;

/// <summary>Files of plans: what they say, and every mistake with its line and key.</summary>
public sealed class LoadPlanTests
{
    [Fact]
    public void WholePlan_IsReadAsItStands()
    {
        var plan = Assert.Single(Parse("""
            plans:
              - name: monday
                source: [a.rec, b.rec]
                to: kafka:cases
                bootstrap: localhost:9092
                spike: {base: 100/s, peak: 2k/s, after: 1s, for: 2s, rest: 3s}
                from: 2025-07-07T00:00:00+07:00
                loop: 2
                shift_to_now: true
                provinces: 3
                units: vn
                dirty: {duplicate: 1 %, malformed: 0.1 %}
                stall: {after: 1s, for: 500ms}
                sender_lag: 20ms
                warm_up: 5s
                expect: [p99.9 < 50 ms, 'sustained >= 200k/s', received max <= 1.5 s]
            """, out _)!);

        Assert.Equal(["a.rec", "b.rec"], plan.Sources);
        Assert.Equal([100.0, 2_000, 100], Assert.IsType<RatePace>(plan.Pace).Segments.Select(segment => segment.From));
        Assert.Equal(new DirtyRates(1_000, 10_000, 0, 0, 0), plan.Dirty);
        Assert.Equal((2, 3, true, TimeSpan.FromMilliseconds(20)), (plan.Loop, plan.Provinces, plan.ShiftToNow, plan.SenderLag));
        Assert.Equal(TimeSpan.FromSeconds(5), plan.WarmUp);
        Assert.Equal(new LoadStall(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500)), plan.Stall);
        Assert.Equal(
            [(LoadMeasure.Applied, 99.9, true, 50e6), (LoadMeasure.Sustained, 100, false, 200_000), (LoadMeasure.Received, 100, true, 1.5e9)],
            plan.Goals.Select(goal => (goal.Measure, goal.Percentile, goal.IsUpper, goal.Bound)));
    }

    [Theory]
    [InlineData("2025-06-23", "2025-07-05")]
    [InlineData("2025-07-06", "2025-07-06")]
    public void Rehearsal_GeneratesNoMoreThanTwoDaysThatAreNotSent(string start, string rehearsed)
    {
        var plan = Assert.Single(Parse($$"""
            plans:
              - name: monday
                generate: {events: 320000, seed: 7, start: {{start}}}
                from: 2025-07-07T00:00:00+07:00
            """, out _)!);

        Assert.Equal(plan.Generate! with { Start = DateOnly.ParseExact(rehearsed, "yyyy-MM-dd") }, plan.Rehearsal().Generate);
    }

    [Theory]
    [InlineData("plans: []", "1: plans")]
    [InlineData("plans:\n  - name: a\n    source: x\n    rates: 5", "4: plans[0].rates: unknown key")]
    [InlineData("plans:\n  - name: a\n    source: x\n    rate: fast", "4: plans[0].rate: must be a rate like 500/s")]
    [InlineData("plans:\n  - name: a\n    source: x\n    rate: 5/s\n    speed: 1x", "there is one pace")]
    [InlineData("plans:\n  - name: a\n    source: x\n    speed: 60", "4: plans[0].speed: must be max, or a multiple")]
    [InlineData("plans:\n  - name: a\n    rate: 5/s", "either 'source', one file or a list of them, or 'generate'")]
    [InlineData("plans:\n  - name: a\n    source: x\n    to: ftp:x", "4: plans[0].to: 'ftp:x' is no target; give engine, kafka:TOPIC")]
    [InlineData("plans:\n  - name: a\n    source: x\n    expect: [p101 < 5 ms]", "4: plans[0].expect[0]: is not understood")]
    [InlineData("plans:\n  - name: a\n    source: x\n    expect: [sustained < 5 ms]", "is not understood")]
    [InlineData("plans:\n  - name: a\n    source: x\n    steps: [{rate: 5/s}]", "4: plans[0].steps[0].for: is missing")]
    [InlineData("plans:\n  - name: a\n    source: x\n  - name: a\n    source: x", "2 plans are called 'a'")]
    [InlineData("plans:\n  - source: x", "plans[0].name: is missing")]
    [InlineData("plans:\n  - name: a\n    source: x\n    dirty: {late: 60 %, huge: 50 %}", "more than 100 %")]
    public void Mistake_IsNamedWithLineAndKey(string yaml, string said)
    {
        Assert.Null(Parse(yaml, out var problems));
        Assert.Contains(problems, problem => problem.ToString().Contains(said));
    }

    [Theory]
    [InlineData("p99 < 5 ms", 4_999_999.0, true)]
    [InlineData("p99 < 5 ms", 5e6, false)]
    [InlineData("p99 <= 5 ms", 5e6, true)]
    [InlineData("p50 ≤ 2 s", 2e9, true)]
    [InlineData("sustained >= 1.5M/s", 1_500_000.0, true)]
    [InlineData("sustained > 1.5M/s", 1_500_000.0, false)]
    [InlineData("max < 1 s", null, false)]
    public void Condition_HoldsUpToItsBound(string goal, double? measured, bool isMet) => Assert.Equal(isMet, LoadGoal.TryParse(goal)!.IsMetBy(measured));

    private static IReadOnlyList<LoadPlan>? Parse(string yaml, out List<ConfigProblem> problems)
    {
        problems = [];
        return LoadPlanYaml.Parse("load.yaml", yaml, problems);
    }
}
