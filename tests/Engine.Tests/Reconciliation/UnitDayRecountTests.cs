using KpiStream.Engine.Reconciliation;
using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>One unit's day out of a log that is shown twice is what the recount of everything says of it.</summary>
public sealed class UnitDayRecountTests(ITestOutputHelper output)
{
    private const int Seed = 6_901;

    private readonly CodeBook codes = new();
    private readonly UnitDirectory directory = Shipped.Units("hungyen");
    private readonly List<CaseEvent> events = [];

    [Fact]
    public void AnyUnitAndDay_IsWhatTheWholeRecountSays()
    {
        Generate(LongRuns.Scale(4_000));
        var whole = new NaiveRecount(codes, Shipped.Rulebook(), directory);
        events.ForEach(one => whole.Add(in one));
        var now = LocalTime.SecondOf(whole.GreatestAt!.Value);
        var places = whole.Contributions.Where(one => one.Second <= now)
            .GroupBy(one => new UnitDay(one.Unit, LocalTime.DateOf(LocalTime.DayOfSecond(one.Second)))).ToList();
        var chance = new Random(Seed);
        output.WriteLine($"seed {Seed}, {events.Count} events, {places.Count} unit-days");
        foreach (var expected in places.OrderBy(_ => chance.Next()).Take(LongRuns.Scale(60))
            .Append(places.First(place => place.Key.Unit == UnitDirectory.Unstated)))
        {
            var counted = Recount(expected.Key, UnitDayBounds.Default).Count(now);
            foreach (var figure in Shipped.Rulebook().Figures)
            {
                var own = expected.Where(one => one.Figure == figure.Id).ToList();
                Assert.Equal(
                    (expected.Key, figure.Id, new FigureCount(own.Count, own.Count(one => one.Numerator), own.Count(one => one.Unobserved))),
                    (expected.Key, figure.Id, counted[figure.Id]));
            }
        }
    }

    [Fact]
    public void ASecondAfterNow_IsLeftOut()
    {
        Generate(500);
        var whole = new NaiveRecount(codes, Shipped.Rulebook(), directory);
        events.ForEach(one => whole.Add(in one));
        var last = whole.Contributions.MaxBy(one => one.Second)!;
        var recount = Recount(new UnitDay(last.Unit, LocalTime.DateOf(LocalTime.DayOfSecond(last.Second))), UnitDayBounds.Default);
        Assert.Equal(recount.Count(last.Second)[last.Figure].Denominator - 1, recount.Count(last.Second - 1)[last.Figure].Denominator);
    }

    [Fact]
    public void MoreThanMayBeHeld_IsSaid_AndNotCounted()
    {
        Generate(2_000);
        var busy = new UnitDay(UnitDirectory.Unstated, new DateOnly(2025, 7, 3));
        Assert.False(Recount(busy, UnitDayBounds.Default).IsTooLarge);
        Assert.True(Recount(busy, UnitDayBounds.Default with { MostCases = 3 }).IsTooLarge);
        Assert.True(Recount(busy, UnitDayBounds.Default with { MostEvents = 3 }).IsTooLarge);
    }

    private UnitDayRecount Recount(UnitDay place, UnitDayBounds bounds)
    {
        var recount = new UnitDayRecount(codes, Shipped.Rulebook(), directory, place, bounds);
        events.ForEach(one => recount.Mark(in one));
        recount.EndMarking();
        events.ForEach(one => recount.Keep(in one));
        return recount;
    }

    private void Generate(int lines)
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var stream = new GeneratedStream(new GenerateOptions(lines, Seed, directory) { Profile = GenerateProfile.Hostile });
        while (stream.MoveNext())
        {
            Add(decoder, stream.Line);
        }

        Add(decoder, """{"source":"one","case":"no-unit","at":"2025-07-03T10:00:00+07:00","status":2}"""u8);
    }

    private void Add(EventDecoder decoder, ReadOnlySpan<byte> line)
    {
        if (decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
        {
            events.Add(decoded);
        }
    }
}
