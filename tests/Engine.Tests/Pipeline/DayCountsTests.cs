namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>What came in today and was rejected or late, whatever is read again and whatever clocks do.</summary>
public sealed class DayCountsTests(ITestOutputHelper output)
{
    private const int Today = 20_000;
    private static readonly long Noon = LocalTime.StartOfDay(Today) + (LocalTime.MillisPerDay / 2);
    private static readonly Verdict Malformed = new(RejectReason.Malformed);

    private long wall = Noon;

    [Theory]
    [InlineData(RecordForm.Recorded)]
    [InlineData(RecordForm.Events)]
    public async Task ThePast_IsOfTheDayOnWhichItCameIn(RecordForm form)
    {
        await using var engine = Engine();
        var intake = engine.OpenIntake("test", form: form);
        Put(intake, Noon - LocalTime.MillisPerDay);
        Put(intake, Noon - 1);
        Put(intake, DecodeLimits.UnknownArrival);
        Assert.Equal((1, 1), (intake.Counts.On(Today).Rejected.Sum(row => row.Count), intake.Counts.On(Today - 1).Rejected.Sum(row => row.Count)));
        Assert.Equal(3, intake.Counts.Rejected);
    }

    [Theory]
    [InlineData(RecordForm.Recorded, 0)]
    [InlineData(RecordForm.Events, 1)]
    public async Task WhatComesInNow_IsOfToday_UnlessARecordingKnowsBetter(RecordForm form, int expected)
    {
        await using var engine = Engine();
        var intake = engine.OpenIntake("test", form: form);
        intake.IsLive = true;
        Put(intake, Noon - LocalTime.MillisPerDay);
        Assert.Equal(expected, intake.Counts.On(Today).Rejected.Sum(row => row.Count));

        // A timestamp of 2099 is no day of its own, and one that is unknown is now's.
        Put(intake, Noon + (70 * 365 * LocalTime.MillisPerDay));
        Put(intake, DecodeLimits.UnknownArrival);
        Assert.Equal([(Malformed, expected + 2)], intake.Counts.On(Today).Rejected);
    }

    [Fact]
    public async Task MidnightBeginsAnew_AndWhatCameInBeforeIsNotLost()
    {
        await using var engine = Engine();
        var intake = engine.OpenIntake("test");
        Post(intake, 3);
        wall = LocalTime.StartOfDay(Today + 1);
        Post(intake, 2);

        // Judged a moment after one of the next day.
        wall--;
        Post(intake, 1);
        Assert.Equal((4, 2), (Posted(intake, Today), Posted(intake, Today + 1)));
        Assert.Equal(0, Posted(intake, Today + 2));
    }

    [Fact]
    public async Task AClockSetAheadAndPutRight_TakesNothingFromTheDay()
    {
        await using var engine = Engine();
        var intake = engine.OpenIntake("test");
        foreach (var days in (int[])[0, 1, 0, 400, 0, -3, 0])
        {
            wall = Noon + (days * LocalTime.MillisPerDay);
            Post(intake, 1);
        }

        Assert.Equal(4, Posted(intake, Today));
        wall = Noon + LocalTime.MillisPerDay;
        Post(intake, 7);
        Assert.InRange(Posted(intake, Today + 1), 7, 8);
        wall = Noon + (2 * LocalTime.MillisPerDay);
        Post(intake, 1);
        Assert.Equal((4, 1, 4), (Posted(intake, Today), Posted(intake, Today + 2), intake.SavePosted().Days.Count));
    }

    [Fact]
    public async Task WithoutAWallClock_NoDayIsCounted()
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });
        var intake = engine.OpenIntake("test", form: RecordForm.Recorded);
        Put(intake, Noon);
        Assert.Empty(intake.Counts.On(Today).Rejected);
        Assert.Equal(1, intake.Counts.Rejected);
    }

    /// <summary>A log is read on from a state of any place of it, again and again, while others are rejected at the door.</summary>
    [Fact]
    public async Task ReadAgainFromAnyPlace_TodayIsWhatItWouldHaveBeen()
    {
        const int Seed = 20_251_126;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        for (var round = 0; round < LongRuns.Scale(20); round++)
        {
            wall = Noon;
            var records = Enumerable.Range(0, 300).Select(number => Record(chance, number)).ToList();
            await using var whole = Engine();
            var expected = whole.OpenIntake("test");
            records.ForEach(record => expected.Accept(record.Bytes, new SourcePosition(0, 1), record.Arrival));
            var (saved, place, posted, kept) = (expected.Save() with { Accepted = 0 }, 0, 0, PostedState.None);
            saved = NewState(saved);
            for (var life = 0; life < 4; life++)
            {
                await using var engine = Engine();
                var intake = engine.OpenIntake("test");
                intake.Restore(saved);
                intake.RestorePosted(kept);
                Assert.Equal(posted, Posted(intake, Today) - OfSource(saved));
                var (cut, end) = (chance.Next(place, records.Count + 1), life == 3 ? records.Count : chance.Next(place, records.Count + 1));
                for (var at = place; at < Math.Max(cut, end); at++)
                {
                    if (at == cut)
                    {
                        (saved, place) = (intake.Save(), cut);
                    }

                    if (chance.Next(10) == 0)
                    {
                        Post(intake, 1);
                        (posted, kept) = (posted + 1, intake.SavePosted());
                    }

                    intake.Accept(records[at].Bytes, new SourcePosition(0, 1), records[at].Arrival);
                }

                if (life == 3)
                {
                    var (found, was) = (intake.Counts.On(Today), expected.Counts.On(Today));
                    Assert.Equal((was.Late, was.Rejected.Sum(row => row.Count) + posted), (found.Late, found.Rejected.Sum(row => row.Count)));
                    Assert.Equal(expected.Counts.Rejected + posted, intake.Counts.Rejected);
                    Assert.True(was.Late > 5, $"{was.Late} were late");
                }
            }
        }
    }

    private static long OfSource(IntakeState state) => state.Days.Where(day => day.Day == Today).Sum(day => day.Rejected.Sum(row => row.Count));

    private static IntakeState NewState(IntakeState any) => any with
    {
        Late = 0,
        GreatestAt = long.MinValue,
        Now = long.MinValue,
        LatestArrival = long.MinValue,
        LastOffset = -1,
        Rejected = [],
        Newest = [],
        Days = [],
        Posted = PostedState.None,
    };

    /// <summary>Some bad, some late, some of yesterday.</summary>
    private static (byte[] Bytes, long Arrival) Record(Random chance, int number)
    {
        var arrival = Noon - (number < 60 ? LocalTime.MillisPerDay : 0) - 1_000 + number;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(arrival - (chance.Next(4) == 0 ? 3 * LocalTime.MillisPerDay : 60_000));
        return (chance.Next(5) == 0 ? "bad"u8.ToArray()
            : Encoding.UTF8.GetBytes($$"""{"source":"s{{chance.Next(2)}}","case":"c{{number}}","at":"{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}","status":2}"""), arrival);
    }

    private StreamEngine Engine() => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        WallClock = () => wall,
    });

    private static void Put(Intake intake, long arrival) => intake.Accept("bad"u8, new SourcePosition(0, 1), arrival);

    private void Post(Intake intake, int times)
    {
        for (; times > 0; times--)
        {
            intake.RejectPosted(Malformed, "bad"u8, new SourcePosition(1, 1), wall);
        }
    }

    private static long Posted(Intake intake, int day) => intake.Counts.On(day).Rejected.Sum(row => row.Count);
}
