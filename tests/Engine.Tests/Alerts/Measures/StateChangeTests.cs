using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts.Measures;

/// <summary>A unit whose true ratio is the target itself, over a window of its latest 100 cases: how often the state changes.</summary>
public sealed class StateChangeTests(ITestOutputHelper output)
{
    private const int Seed = 70, Window = 100;
    private const double Target = 0.7;

    private static readonly BelowTargetRule Watch =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, Grade = AlertGrade.Watch };

    [Fact]
    public void AtTheTargetItself_ARuleChangesItsStateAtMostThreeTimesInAThousandCases() => Measure(40_000);

    [Fact]
    [Trait("Category", "Long")]
    public void AMillionCasesAtTheTarget_ChangeTheStateAtMostThreeTimesInAThousand() => Measure(1_000_000);

    private void Measure(int cases)
    {
        output.WriteLine($"seed {Seed}, {cases} cases");
        var outcomes = new bool[cases];
        var random = new Random(Seed);
        for (var i = 0; i < cases; i++)
        {
            outcomes[i] = random.NextDouble() < Target;
        }

        var bare = Changes(outcomes, static count => count * 10 < Window * 7 ? Judgement.Met : Judgement.Clear);
        var watch = Changes(outcomes, VerdictsOf(Watch));
        var alarm = Changes(outcomes, VerdictsOf(Watch with { Grade = AlertGrade.Alarm }));
        output.WriteLine($"changes in 1,000 cases: a bare threshold {bare:F1}, a watch {watch:F2}, an alarm {alarm:F2}");
        Assert.InRange(bare, 30, 45);
        Assert.InRange(watch, 0.01, 3);
        Assert.InRange(alarm, 0, 3);
    }

    private static Func<int, Judgement> VerdictsOf(BelowTargetRule rule)
    {
        var verdicts = Enumerable.Range(0, Window + 1)
            .Select(count => rule.Judge(new AlertReading(rule, "1", Window, count, Target, HasData: true), 0)).ToArray();
        return count => verdicts[count];
    }

    private static double Changes(bool[] outcomes, Func<int, Judgement> judge)
    {
        var (count, isFiring, changes) = (outcomes[..Window].Count(static one => one), false, 0);
        for (var i = Window; i < outcomes.Length; i++)
        {
            count += (outcomes[i] ? 1 : 0) - (outcomes[i - Window] ? 1 : 0);
            var what = judge(count);
            if (what is Judgement.Met or Judgement.Clear && what == Judgement.Met != isFiring)
            {
                isFiring = !isFiring;
                changes++;
            }
        }

        return changes * 1_000.0 / (outcomes.Length - Window);
    }
}
