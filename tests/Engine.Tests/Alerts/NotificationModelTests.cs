using KpiStream.Engine.Alerts;
using static KpiStream.Engine.Tests.Alerts.PlannedAlerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>What must hold of notifications whatever alerts do.</summary>
public sealed class NotificationModelTests(ITestOutputHelper output)
{
    private static readonly AlertGrade[] Grades = Enum.GetValues<AlertGrade>();
    private static readonly string[] Figures = ["f", "g"];

    [Fact]
    public void WhateverAlertsDo_NoKeySpeaksTooOften_EveryEndIsTold_AndTheLastStateIsTheTrueOne()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            output.WriteLine($"seed {seed}");
            var random = new Random(seed);
            var policy = NotificationPolicy.Default with
            {
                MostPerDay = random.Next(NotificationPolicy.LeastPerDay, 10),
                WaitMillis = random.Next(0, 2) * 20_000,
            };
            var moments = Moments(random).ToList();
            var told = Replay(policy, moments, null);
            Check(policy, moments, told);
            Assert.Equal(told.Select(Text), Replay(policy, moments, random).Select(Text)); // restarts between any two moments change nothing
        }
    }

    private static string Text(AlertNotification told) =>
        $"{told.Key} {told.Order} {told.Reason} {told.Grade} {told.Count} {told.Most} {told.Since} {told.At} {told.HeldBackSince} "
        + string.Join(',', told.Alerts.Select(static alert => alert.Id));

    private static List<AlertNotification> Replay(NotificationPolicy policy, List<(long Now, List<Alert> Alerts)> moments, Random? restarts)
    {
        var planner = new NotificationPlanner(policy);
        var told = new List<AlertNotification>();
        foreach (var (now, alerts) in moments)
        {
            if (restarts?.Next(3) == 0)
            {
                var next = new NotificationPlanner(policy);
                next.Recall(planner.Remember());
                planner = next;
            }

            told.AddRange(planner.Plan(alerts, now));
        }

        return told;
    }

    /// <summary>Four days of alerts that come, go, are silenced and inhibited, and two in which nothing changes and nothing is quiet any more.</summary>
    private static IEnumerable<(long Now, List<Alert> Alerts)> Moments(Random random)
    {
        var alive = new List<Alert>();
        var over = new List<Alert>();
        var now = Start;
        while (now < Start + (4 * Day))
        {
            now += random.Next(4) == 0 ? random.NextInt64(1, 4 * Hour) : random.NextInt64(1, 2 * Minute);
            if (random.Next(3) == 0)
            {
                var since = now;
                alive.AddRange(Enumerable.Range(0, random.Next(1, 4))
                    .Select(number => Firing($"{number}", since, Grades[random.Next(4)], Figures[random.Next(2)], random.NextDouble()))
                    .Where(alert => !alive.Exists(other => other.Id == alert.Id)).DistinctBy(static alert => alert.Id));
            }

            foreach (var alert in alive.Where(_ => random.Next(5) == 0).ToList())
            {
                alive.Remove(alert);
                over.Add(alert.Over(now));
            }

            alive = [.. alive.Select(alert => random.Next(6) > 0 ? alert : alert with
            {
                State = random.Next(2) == 0 ? AlertState.Firing : AlertState.Resolving,
                SilencedBy = random.Next(4) == 0 ? "s" : null,
                InhibitedBy = random.Next(4) == 0 ? "i" : null,
                Acknowledged = alert.Acknowledged ?? (random.Next(4) == 0 ? new Acknowledgement("An", now, "") : null),
            })];
            over.RemoveAll(alert => now - alert.ResolvedAt > Day);
            yield return (now, [.. alive, .. over]);
        }

        for (var end = now + (2 * Day); now < end; now += 10 * Minute)
        {
            yield return (now, [.. alive.Select(static alert => alert with { SilencedBy = null, InhibitedBy = null })]);
        }
    }

    private static void Check(NotificationPolicy policy, List<(long Now, List<Alert> Alerts)> moments, List<AlertNotification> told)
    {
        foreach (var key in told.GroupBy(static one => one.Key))
        {
            Assert.Equal(Enumerable.Range(1, key.Count()).Select(static number => (long)number), key.Select(static one => one.Order));
            Assert.All(key.Where(static one => one.Reason != NotificationReason.Acknowledged).GroupBy(static one => LocalTime.DayOf(one.At)),
                day => Assert.InRange(day.Count(), 1, policy.MostPerDay));
            var before = AlertState.Resolved;
            foreach (var one in key)
            {
                // What begins had ended, what continues or ends had begun.
                Assert.Equal(one.Reason == NotificationReason.Fired ? AlertState.Resolved : AlertState.Firing, before);
                before = one.State;
            }
        }

        foreach (var figure in Figures)
        {
            CheckStates(policy, figure, moments, [.. told.Where(one => one.Key == $"ratio:{figure}")]);
        }
    }

    /// <summary>At no moment is it still told that something fires of which nothing does; at the end everything that fires is told.</summary>
    private static void CheckStates(NotificationPolicy policy, string figure, List<(long Now, List<Alert> Alerts)> moments, List<AlertNotification> told)
    {
        foreach (var (now, alerts) in moments)
        {
            var last = told.LastOrDefault(one => one.At <= now);
            var acknowledged = alerts.Where(static alert => alert.Acknowledged is not null).Select(static alert => alert.Id).ToHashSet();
            Assert.True(last is not { State: AlertState.Firing } || last.Alerts.All(alert => alert.Acknowledged is not null == acknowledged.Contains(alert.Id)
                || alerts.TrueForAll(other => other.Id != alert.Id || other.State == AlertState.Resolved)), $"{figure} at {now}: acknowledged");
            var isAnyOn = alerts.Exists(alert => alert.Rule.Figure == figure && alert.State is AlertState.Firing or AlertState.Resolving);
            Assert.True(last is null || last.State == AlertState.Resolved || isAnyOn, $"{figure} at {now}");
        }

        var firing = moments[^1].Alerts.Where(alert => alert.Rule.Figure == figure && policy.Told.Contains(alert.Rule.Grade))
            .Select(static one => one.Id).ToList();
        var final = told.LastOrDefault();
        Assert.Equal(firing.Order(), final is { State: AlertState.Firing }
            ? final.Alerts.Where(alert => policy.Told.Contains(alert.Rule.Grade)).Select(static alert => alert.Id).Order() : []);
    }
}
