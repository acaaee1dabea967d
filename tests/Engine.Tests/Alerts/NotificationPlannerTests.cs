using KpiStream.Engine.Alerts;
using static KpiStream.Engine.Tests.Alerts.PlannedAlerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class NotificationPlannerTests
{
    private static readonly NotificationPolicy Policy = NotificationPolicy.Default;

    private NotificationPlanner planner = new(Policy);
    private long now = Start + (9 * Hour);

    [Fact]
    public void FortyCommunesOfOneBrokenLink_AreOneMessage_TheWorstFirst()
    {
        var forty = Enumerable.Range(0, 40).Select(i => Firing($"{i:00}", now + (i * 100), chance: 1.0 / (i + 2))).ToList();
        for (var i = 1; i <= 40; i++)
        {
            Assert.Empty(Plan([.. forty.Take(i)]));
            now += 100;
        }

        now += Policy.WaitMillis;
        var one = Assert.Single(Plan(forty));
        Assert.Equal(("ratio:fully_online", "ratio:fully_online", 1L), (one.Key, one.Cause, one.Order));
        Assert.Equal((NotificationReason.Fired, AlertState.Firing, AlertGrade.Alarm, 40, 40), (one.Reason, one.State, one.Grade, one.Count, one.Most));
        Assert.Equal(["39", "38", "37", "36", "35"], one.Alerts.Take(5).Select(static alert => alert.Unit));
        Assert.Equal((Start + (9 * Hour), now), (one.Since, one.At));
    }

    [Fact]
    public void AGroupThatGrows_IsToldAtAPaceThatSlows_EachTimeWhole()
    {
        var alerts = new List<Alert> { Firing("00", now) };
        var at = new List<long>();
        var counts = new List<int>();
        for (var minute = 0; minute < 9 * 60; minute++)
        {
            if (minute < 200)
            {
                alerts.Add(Firing($"{minute + 1:000}", now));
            }

            now += Minute;
            foreach (var told in Plan(alerts))
            {
                at.Add((now - Start - (9 * Hour)) / Minute);
                counts.Add(told.Count);
            }
        }

        // First a whole minute late, for that is how often this test plans; then 5, 20 and 80 minutes after the one before, and then 320.
        Assert.Equal([2, 7, 27, 107, 427], at);
        Assert.Equal([3, 8, 28, 108, 201], counts);
        alerts = [.. alerts.Select(alert => alert.Over(now))];
        var end = Assert.Single(Plan(alerts));
        Assert.Equal(
            (NotificationReason.Resolved, AlertState.Resolved, 6L, 201, 201, 100), (end.Reason, end.State, end.Order, end.Count, end.Most, end.Alerts.Count));
        Assert.Empty(Plan(alerts));
    }

    [Fact]
    public void AnAlertThatBecomesGraver_DoesNotWait()
    {
        Tell(Firing("1", now));
        now += Second;
        var graver = Assert.Single(Plan([Firing("1", now - Second), Firing("1", now, AlertGrade.Critical)]));
        Assert.Equal((NotificationReason.Grew, AlertGrade.Critical, 2), (graver.Reason, graver.Grade, graver.Count));
    }

    [Fact]
    public void ACriticalAlert_WaitsForNoOther() =>
        Assert.Equal(NotificationReason.Fired, Assert.Single(Plan([Firing("1", now, AlertGrade.Critical)])).Reason);

    [Fact]
    public void AWatch_IsForTheBoardOnly() => Assert.Empty(PlanForADay([Firing("1", now, AlertGrade.Watch)]));

    [Fact]
    public void AnAlertThatFlaps_IsToldSoOftenADay_AndItsEndAlways()
    {
        var told = new List<AlertNotification>();
        for (var round = 0; round < 20; round++)
        {
            var alert = Firing("1", now);
            told.AddRange(Plan([alert]));
            now += Policy.WaitMillis;
            told.AddRange(Plan([alert]));
            now += 5 * Minute;
            told.AddRange(Plan([alert.Over(now)]));
            now += 5 * Minute;
        }

        Assert.Equal(Policy.MostPerDay, told.Count);
        Assert.Equal(Enumerable.Range(1, told.Count).Select(static number => (long)number), told.Select(static one => one.Order));
        Assert.Equal(AlertState.Resolved, told[^1].State);
    }

    [Fact]
    public void WhatWasHeldBack_IsToldOnTheNextDay_AsItIsThen()
    {
        AnAlertThatFlaps_IsToldSoOftenADay_AndItsEndAlways();
        var held = now;
        var alerts = new List<Alert> { Firing("1", now), Firing("2", now) };
        Assert.Empty(Plan(alerts));
        now += Policy.WaitMillis;
        Assert.Empty(Plan(alerts));
        Restart();
        now = Start + Day - 1;
        Assert.Empty(Plan(alerts));
        now++;
        var told = Assert.Single(Plan([alerts[1]]));
        Assert.Equal((NotificationReason.Fired, "2", Policy.MostPerDay + 1L), (told.Reason, Assert.Single(told.Alerts).Unit, told.Order));
        Assert.Equal(held + Policy.WaitMillis, told.HeldBackSince);
    }

    [Fact]
    public void SilencedAndInhibitedAlerts_AreNotTold_UntilThatIsOver_AndTheirEndIsToldWhenTheirBeginWas()
    {
        var alert = Firing("1", now);
        Assert.Empty(PlanForADay([alert with { SilencedBy = "s" }]));
        Assert.Empty(PlanForADay([alert with { InhibitedBy = "i" }]));
        Tell(alert);
        Assert.Empty(PlanForADay([alert with { InhibitedBy = "i" }]));
        Assert.Empty(PlanForADay([alert with { SilencedBy = "s" }]));
        Assert.Equal(AlertState.Resolved, Assert.Single(Plan([(alert with { SilencedBy = "s" }).Over(now)])).State);
    }

    [Fact]
    public void WhatNobodyAcknowledges_IsRemindedOfEveryDay()
    {
        var alert = Firing("1", now);
        Tell(alert);
        var reminder = Assert.Single(PlanForADay([alert]));
        Assert.Equal((NotificationReason.Reminder, AlertState.Firing, 2L), (reminder.Reason, reminder.State, reminder.Order));
        Assert.Equal(NotificationReason.Acknowledged, Assert.Single(PlanForADay([alert with { Acknowledged = new Acknowledgement("An", now, "") }])).Reason);
    }

    [Fact]
    public void WhatSomebodyAcknowledges_IsToldAtOnce_Once_AndIsNoneOfTheDaysMessages()
    {
        var alert = Firing("1", now);
        Tell(alert);
        var acknowledged = alert with { Acknowledged = new Acknowledgement("An", now, "") };
        var news = Firing("2", now); // waits, for the first was told a moment ago
        Assert.Empty(Plan([alert, news]));
        var note = Assert.Single(Plan([acknowledged, news]));
        Assert.Equal((NotificationReason.Acknowledged, AlertState.Firing, 2L, 1), (note.Reason, note.State, note.Order, note.Count));
        Assert.Equal("1", Assert.Single(note.Alerts).Unit); // what nobody was told of yet is not told by the way
        Assert.Empty(Plan([acknowledged, news]));
        now += Policy.GrowMillis;
        var grown = Assert.Single(Plan([acknowledged, news]));
        Assert.Equal((NotificationReason.Grew, 3L, 2), (grown.Reason, grown.Order, grown.Count));
        Assert.Equal(
            NotificationReason.Acknowledged, Assert.Single(Plan([acknowledged, news with { Acknowledged = acknowledged.Acknowledged }])).Reason);
        Assert.Equal(2, planner.Remember().Single().SentToday);
        var end = Assert.Single(Plan([acknowledged.Over(now), news.Over(now)]));
        Assert.Equal((NotificationReason.Resolved, 5L), (end.Reason, end.Order));
    }

    [Fact]
    public void AlertsThatWereToldOneByOne_AreNotToldAgain_AndTheirEndIs()
    {
        var alert = Firing("1", now);
        planner.Adopt([alert], now);
        Assert.Empty(Plan([alert]));
        var end = Assert.Single(Plan([alert.Over(now)]));
        Assert.Equal((NotificationReason.Resolved, 1L, now), (end.Reason, end.Order, end.Since));
    }

    [Fact]
    public void Causes_AreToldApart_AndAnAlertThatEndsWhileItWaitsIsNotTold()
    {
        Alert[] both = [Firing("1", now), Firing("1", now, figure: "digitised")];
        Plan(both);
        now += Policy.WaitMillis;
        Assert.Equal(["ratio:digitised", "ratio:fully_online"], Plan(both).Select(static told => told.Key));
        var brief = Firing("1", now, figure: "paid");
        Assert.Empty(Plan([.. both, brief]));
        now += Policy.WaitMillis - 1;
        Assert.Empty(Plan([.. both, brief.Over(now)]));
        now += Policy.WaitMillis;
        Assert.Empty(Plan([.. both, brief.Over(now)]));
    }

    private void Tell(Alert alert)
    {
        Plan([alert]);
        now += Policy.WaitMillis;
        Assert.Equal(NotificationReason.Fired, Assert.Single(Plan([alert])).Reason);
    }

    private List<AlertNotification> PlanForADay(IReadOnlyList<Alert> alerts)
    {
        var told = new List<AlertNotification>();
        for (var minute = 0; minute <= 24 * 60; minute++)
        {
            told.AddRange(Plan(alerts));
            now += Minute;
        }

        return told;
    }

    private IReadOnlyList<AlertNotification> Plan(IReadOnlyList<Alert> alerts) => planner.Plan(alerts, now);

    private void Restart()
    {
        var next = new NotificationPlanner(Policy);
        next.Recall(planner.Remember());
        Assert.Equal(planner.Remember(), next.Remember());
        planner = next;
    }
}
