using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>What of the calendars throws checkpoints away: what figures go by, and nothing else.</summary>
public sealed class CheckpointIdentityTests
{
    private static readonly UnitDirectory Units = Shipped.Units("hungyen");

    [Fact]
    public void ADayThatIsAnnounced_OrRenamed_KeepsTheCheckpoints()
    {
        var announced = Calendar(static day => day with { IsExpected = false, Name = "khác" });
        Assert.Equal(HashOf(Shipped.Rulebook()), HashOf(Shipped.Rulebook() with { Calendar = announced }));

        var own = Calendar(static day => day.Date.Year == 2027 ? day with { Date = day.Date.AddDays(1) } : day);
        var ownAnnounced = new WorkingCalendar(own.Days.Select(static day => day with { IsExpected = false }));
        Assert.Equal(HashOf(Shipped.Rulebook() with { Calendar = own }), HashOf(Shipped.Rulebook() with { Calendar = ownAnnounced }));
    }

    [Fact]
    public void ADayThatIsAnotherDay_CountsCasesAgain() => Assert.NotEqual(
        HashOf(Shipped.Rulebook()), HashOf(Shipped.Rulebook() with
        {
            Calendar = Calendar(static day => day.Date == new DateOnly(2027, 2, 11) ? day with { Date = new DateOnly(2027, 2, 12) } : day),
        }));

    [Fact]
    public void WhatUnitsAdd_KeepsTheCheckpoints_ForNoFigureGoesByIt() => Assert.Equal(
        HashOf(Shipped.Rulebook()), HashOf(Shipped.Rulebook() with
        {
            UnitCalendars = new UnitCalendars(
                Shipped.Calendar, [new UnitCalendarRow("33", new DateOnly(2026, 9, 7), new DateOnly(2026, 9, 8), UnitDays.Closed, false, "bão")], Units,
                "u@1"),
        }));

    private static WorkingCalendar Calendar(Func<CalendarDay, CalendarDay> change) => new(Shipped.Calendar.Days.Select(change));

    private static string HashOf(Rulebook rulebook) => CheckpointIdentity.Of(new EngineOptions
    {
        Rulebook = rulebook,
        Directory = Units,
        PseudonymKey = PseudonymKey.Fixed,
    }).RulebookHash;
}
