using KpiStream.Engine.Arrivals;
using static KpiStream.Engine.Tests.Arrivals.ArrivalScene;

namespace KpiStream.Engine.Tests.Arrivals;

/// <summary>An idle night and a dead source look alike: what the source usually sends tells them apart.</summary>
public sealed class SilencePolicyTests(ITestOutputHelper output)
{
    private const string Portal = "dvcqg";

    [Theory]
    [InlineData(11, 20, 16, 59, SourceState.Live)]
    [InlineData(11, 20, 17, 30, SourceState.Idle)]
    [InlineData(11, 20, 23, 0, SourceState.Idle)]
    [InlineData(11, 21, 10, 0, SourceState.Idle)] // Saturday
    [InlineData(11, 22, 15, 0, SourceState.Idle)]
    [InlineData(11, 23, 7, 20, SourceState.Idle)] // a Monday that begins late
    [InlineData(11, 23, 9, 0, SourceState.Silent)]
    [InlineData(11, 23, 20, 0, SourceState.Silent)] // what was missing in the day is still missing in the evening
    [InlineData(12, 19, 20, 0, SourceState.Silent)]
    [InlineData(12, 20, 20, 0, SourceState.Gone)]
    public void AfterAnOrdinaryFriday_TheSilenceSaysNothingUntilMonday(int month, int day, int hour, int minute, SourceState state)
    {
        var scene = new ArrivalScene().Work(Portal, 60, 11, 20);
        Assert.Equal(state, scene.StateOf(Portal, At(month, day, hour, minute)));
        Assert.Equal(state, scene.StateOfAll(At(month, day, hour, minute)));
    }

    /// <summary>A source of a hundred thousand a day is missed within two minutes, one of ten an hour within two hours.</summary>
    [Theory]
    [InlineData(3_600, 90, 100)]
    [InlineData(60, 590, 600)]
    [InlineData(10, 3_590, 3_600)]
    public void ASourceThatStopsInTheMorning_IsMissedTheSoonerTheMoreItSends(int perHour, int idleSeconds, int silentSeconds)
    {
        var stopped = At(11, 23, 8, 30);
        var scene = new ArrivalScene().Work(Portal, perHour, 11, 20).Send(Portal, At(11, 23, 7), stopped, perHour * 3 / 2);
        scene.Arrive(Portal, stopped);
        Assert.Equal(SourceState.Live, scene.StateOf(Portal, stopped + 60_000));
        Assert.Equal(SourceState.Idle, scene.StateOf(Portal, stopped + (idleSeconds * 1_000)));
        Assert.Equal(SourceState.Silent, scene.StateOf(Portal, stopped + (silentSeconds * 1_000)));
    }

    [Fact]
    public void ABreakAtNoon_IsNoSilence_ThoughItBeginsEarlierAndEndsLaterThanOnOtherDays()
    {
        var scene = new ArrivalScene().Work(Portal, 600, 11, 20).Send(Portal, At(11, 23, 7), At(11, 23, 11, 20), 2_600);
        for (var now = At(11, 23, 11, 22); now < At(11, 23, 13, 45); now += 60_000)
        {
            Assert.Equal(SourceState.Idle, scene.StateOf(Portal, now));
        }

        Assert.Equal(SourceState.Silent, scene.StateOf(Portal, At(11, 23, 14, 45)));
    }

    /// <summary>A thousand events at once are one arrival: the hour after them is as quiet as ever.</summary>
    [Fact]
    public void ASourceThatSendsABatchEveryHour_IsNotMissedBetweenThem_ButWhenTheyStayAway()
    {
        var scene = new ArrivalScene();
        for (var hour = 0; hour < 24 * 22; hour++)
        {
            var begin = At(11, 2) + (hour * 3_600_000L);
            scene.Send("mcdt", begin, begin + 5_000, 1_000);
        }

        Assert.Equal(SourceState.Idle, scene.StateOf("mcdt", At(11, 24, 0, 30)));
        Assert.Equal(SourceState.Idle, scene.StateOf("mcdt", At(11, 24, 3, 0)));
        Assert.Equal(SourceState.Silent, scene.StateOf("mcdt", At(11, 24, 12, 0)));
        Assert.Equal(1_000, scene.Of("mcdt", At(11, 24)).Rates.EventsPerHour(At(11, 24, 9)), 3);
    }

    [Fact]
    public void AHolidayOfTheCalendar_IsADayLikeASunday()
    {
        var scene = new ArrivalScene().Work(Portal, 60, 12, 1);
        Assert.Equal(SourceState.Idle, scene.StateOf(Portal, At(12, 2, 16, 0)));
        Assert.Equal(SourceState.Silent, scene.StateOf(Portal, At(12, 3, 9, 0)));
    }

    [Fact]
    public void ADayOnWhichLittleComes_LetsLessBeMissed()
    {
        var stopped = At(11, 23, 10, 0);
        var slow = new ArrivalScene().Work(Portal, 60, 11, 20).Send(Portal, At(11, 23, 7), stopped, 18);
        slow.Arrive(Portal, stopped);
        Assert.Equal(SourceState.Idle, slow.StateOf(Portal, stopped + (40 * 60_000)));
        Assert.Equal(SourceState.Silent, slow.StateOf(Portal, At(11, 23, 16)));
    }

    [Theory]
    [InlineData(2, 17, 30, SourceState.Live)]
    [InlineData(2, 20, 0, SourceState.Idle)]
    [InlineData(3, 7, 0, SourceState.Idle)] // of office time the limit has not passed yet
    [InlineData(3, 7, 2, SourceState.Silent)]
    [InlineData(3, 17, 29, SourceState.Silent)]
    [InlineData(3, 17, 30, SourceState.Idle)]
    [InlineData(4, 3, 0, SourceState.Idle)]
    [InlineData(7, 11, 0, SourceState.Idle)]
    public void BeforeTwoWorkingDaysAreKnown_TheLimitHoldsInOfficeHours(int day, int hour, int minute, SourceState state)
    {
        var scene = new ArrivalScene().Send(Portal, At(11, 2, 8), At(11, 2, 17, 30), 1_140);
        Assert.Equal(state, scene.StateOf(Portal, At(11, day, hour, minute)));
        Assert.Equal(0, scene.Of(Portal, At(11, 3)).Rates.WorkingDays); // of the first day only a part was seen
    }

    /// <summary>Of the first weekend nobody knows what weekends are like; of the second it is known by two days.</summary>
    [Theory]
    [InlineData(8, SourceState.Idle)]
    [InlineData(15, SourceState.Silent)]
    public void OneSaturday_SaysNothingOfTheSundayAfterIt(int sunday, SourceState state)
    {
        var scene = new ArrivalScene();
        for (var day = 2; day < sunday; day++)
        {
            scene.Send(Portal, At(11, day), At(11, day + 1), 24 * 20);
        }

        Assert.Equal(state, scene.StateOf(Portal, At(11, sunday, 3)));
    }

    [Fact]
    public void OfficeHoursOfEveryDay_LetTheLimitHoldAtNight()
    {
        var source = new SourceArrival("s", At(11, 8, 3), ArrivalRates.Unknown, 0);
        var policy = Policy with { Office = OfficeHours.Always };
        Assert.Equal(SourceState.Live, policy.Judge(in source, TimeSpan.FromSeconds(60), At(11, 8, 3, 1)));
        Assert.Equal(SourceState.Silent, policy.Judge(in source, TimeSpan.FromSeconds(61), At(11, 8, 3, 1, 1)));
    }

    /// <summary>Sources of every pace, at random: hardly one of them is said to be silent while it lives, and each of them once it is dead.</summary>
    [Fact]
    public void SourcesAtRandom_AreSeldomMissedWhileTheyLive_AndAlwaysOnceTheyAreDead()
    {
        const int seed = 20_261_123;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        var (wrong, pauses, delays) = (0, 0, new List<double>());
        foreach (var perHour in (double[])[2, 10, 60, 400])
        {
            var scene = new ArrivalScene();
            var last = long.MinValue;
            for (var day = 2; day <= 27; day++)
            {
                // At night a tenth comes, as over the national portal.
                for (var at = At(11, day) + Pause(chance, perHour / 10); at < At(11, day + 1); at += Pause(chance, IsOpen(at) ? perHour : perHour / 10))
                {
                    if (day > 23)
                    {
                        pauses++;
                        wrong += last > 0 && scene.StateOf("s", at) == SourceState.Silent ? 1 : 0;
                    }

                    scene.Arrive("s", last = at);
                }
            }

            var now = last;
            while (scene.StateOf("s", now) != SourceState.Silent)
            {
                now += 10_000;
            }

            delays.Add((now - last) / 3_600_000.0);
        }

        var noticed = string.Join(", ", delays.Select(static hours => $"{hours:0.0} h"));
        output.WriteLine($"{wrong} of {pauses} pauses taken for a silence; dead ones noticed after {noticed}");
        Assert.InRange(wrong, 0, pauses / 1_000);
        Assert.All(delays, hours => Assert.InRange(hours, 0, 24 * 6));
    }

    private static bool IsOpen(long at) => OfficeHours.Default.Contain(at, Calendar);

    private static long Pause(Random chance, double perHour) => (long)(-Math.Log(1 - chance.NextDouble()) / perHour * 3_600_000) + 1;
}
