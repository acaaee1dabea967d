using KpiStream.Engine.Arrivals;
using static KpiStream.Engine.Tests.Arrivals.ArrivalScene;

namespace KpiStream.Engine.Tests.Arrivals;

/// <summary>When events of each source arrived: told apart, bounded, and the same after a restart.</summary>
public sealed class SourceArrivalsTests(ITestOutputHelper output)
{
    [Fact]
    public void EachSource_HasItsOwnLastArrival_AndTheStreamThatOfAll()
    {
        var scene = new ArrivalScene();
        scene.Arrive("a", At(11, 2, 8));
        scene.Arrive("b", At(11, 2, 9));
        scene.Arrive("a", At(11, 2, 9, 30));
        scene.Arrive("", At(11, 2, 9, 40));
        var (whole, sources) = scene.Arrivals.Read(LocalTime.DayOf(scene.Now), Calendar);
        Assert.Equal([("a", At(11, 2, 9, 30)), ("b", At(11, 2, 9)), ("", At(11, 2, 9, 40))], sources.Select(one => (one.Source, one.LastAt)));
        Assert.Equal((At(11, 2, 9, 40), 4), (whole.LastAt, whole.StretchesToday));
    }

    [Fact]
    public void SourcesBeyondTheBound_AreOne()
    {
        var scene = new ArrivalScene();
        for (var i = 1; i <= 1_000; i++)
        {
            scene.Arrive($"s{i}", At(11, 2, 8) + (i * 1_000));
        }

        var (whole, sources) = scene.Arrivals.Read(LocalTime.DayOf(scene.Now), Calendar);
        Assert.Equal(SourceArrivals.MostSources + 1, sources.Count);
        Assert.Equal(("", scene.Now), (sources[^1].Source, sources[^1].LastAt));
        Assert.Equal(101, whole.StretchesToday); // of 1,000 s
        Assert.InRange(scene.Arrivals.Save().Count, 0, SourceArrivals.MostSources + 2);
    }

    [Fact]
    public void ARestart_ChangesNothingThatIsSaid()
    {
        var scene = new ArrivalScene().Work("a", 60, 11, 20).Work("b", 3, 11, 18);
        scene.Now = At(11, 23, 8);
        var before = Said(scene);
        scene.Restart();
        Assert.Equal(before, Said(scene));
        scene.Restart();
        Assert.Equal(before, Said(scene));
        scene.Arrive("a", At(11, 23, 8, 1));
        Assert.Equal(SourceState.Live, scene.StateOf("a", At(11, 23, 8, 1)));
    }

    /// <summary>The partitions of a topic are read one after the other, each from its beginning: what is learned is what a reader in order learns.</summary>
    [Fact]
    public void ALogReadAgainInAnyOrder_SaysTheSame()
    {
        const int seed = 441;
        output.WriteLine($"seed {seed}");
        var times = Enumerable.Range(0, 19 * 200).Select(i => At(11, 2, 7) + (i / 200 * LocalTime.MillisPerDay) + (i % 200 * 150_000L)).ToList();
        var ordered = new ArrivalScene();
        times.ForEach(at => ordered.Arrive("a", at));
        foreach (var partitions in (int[])[1, 3, 12])
        {
            var read = new ArrivalScene { Now = ordered.Now };
            var chance = new Random(seed);
            foreach (var partition in times.Select((at, i) => (at, i)).GroupBy(one => one.i % partitions).OrderBy(_ => chance.Next()))
            {
                foreach (var (at, _) in partition)
                {
                    read.Read("a", at);
                }
            }

            Assert.Equal(Said(ordered), Said(read));
        }
    }

    [Fact]
    public void AnArrivalInTheFuture_CountsAsNow_AndAWrongClockIsForgotten()
    {
        var scene = new ArrivalScene { Now = At(11, 2, 8) };
        scene.Read("a", At(12, 24));
        Assert.Equal(At(11, 2, 8), scene.Of("a", scene.Now).LastAt);

        scene.Arrive("a", At(11, 2, 8) + (400 * LocalTime.MillisPerDay)); // the clock is set wrong, and right again
        scene.Arrive("a", At(11, 2, 9));
        Assert.Equal((At(11, 2, 9), 2), (scene.Of("a", scene.Now).LastAt, scene.Of("a", scene.Now).StretchesToday));
        scene.Restart();
        Assert.Equal(At(11, 2, 9), scene.Of("a", scene.Now).LastAt);
    }

    /// <summary>A source that sent ten times as much a month ago is judged by what it sends now.</summary>
    [Fact]
    public void WhatIsOlderWeighsLess_AndFourWeeksAgoNothing()
    {
        var scene = new ArrivalScene().Work("a", 600, 11, 13);
        var then = scene.Of("a", At(11, 14)).Rates.EventsPerHour(At(11, 16, 9));
        for (var day = 16; day <= 30; day++)
        {
            scene.Send("a", At(11, day, 7), At(11, day, 17), 600);
        }

        var now = scene.Of("a", At(12, 1)).Rates.EventsPerHour(At(12, 1, 9));
        Assert.Equal(600, then, 6);
        Assert.InRange(now, 60, 300);
        for (var day = 1; day <= 30; day++)
        {
            scene.Send("a", At(12, day, 7), At(12, day, 17), 600);
        }

        Assert.Equal(60, scene.Of("a", At(12, 31)).Rates.EventsPerHour(At(12, 31, 9)), 6);
    }

    [Fact]
    public async Task ReadByOthersWhileItIsWritten_NothingFails()
    {
        var scene = new ArrivalScene();
        var writing = Task.Run(() => scene.Work("a", 120, 12, 30));
        while (!writing.IsCompleted)
        {
            Assert.InRange(scene.Arrivals.Read(LocalTime.DayOf(At(12, 31)), Calendar).Sources.Count, 0, 1);
        }

        await writing;
        Assert.Equal(SourceState.Idle, scene.StateOf("a", At(12, 30, 17, 5)));
    }

    private static List<string> Said(ArrivalScene scene) =>
    [
        .. Enumerable.Range(0, 96).SelectMany(i =>
        {
            var now = scene.Now + (i * 900_000L);
            var (whole, sources) = scene.Arrivals.Read(LocalTime.DayOf(now), Calendar);
            return sources.Append(whole).Select(one =>
            {
                var state = Policy.Judge(in one, TimeSpan.FromMilliseconds(now - one.LastAt), now);
                return $"{one.Source} {one.LastAt} {one.StretchesToday} {one.Rates.WorkingDays} {one.Rates.EventsPerHour(now):R} "
                    + $"{one.Rates.Expected(one.LastAt, now):R} {state}";
            });
        }),
    ];
}
