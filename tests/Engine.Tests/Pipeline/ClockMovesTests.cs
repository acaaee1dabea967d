using System.Diagnostics;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>Wherever the host's clock goes, windows and gauges are those of a recount as of that now.</summary>
public sealed class ClockMovesTests(ITestOutputHelper output)
{
    private const string PeriodNames = "day,month,1h,24h,7d,since:2025-07-01,now";

    private static readonly long Start = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 10)));
    private static readonly IReadOnlyList<Period> Periods = [.. PeriodNames.Split(',').Select(name => Period.TryParse(name)!)];
    private static readonly string[] Units = ["11953", "11956", "12466", "11977", "99999"];

    [Fact]
    public async Task TheClockGoesAnywhere_EveryLookIsARecount()
    {
        var seeds = LongRuns.Scale(6);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var random = new Random(seed);
            await using var scene = new Scene(shards: random.Next(1, 4));
            var wall = Start;
            for (var look = 0; look < 12; look++)
            {
                scene.Accept(random, random.Next(40));
                wall += random.Next(4) switch
                {
                    0 => random.Next(-1_999, 2_000),
                    1 => random.Next(-10_000, 10_000),
                    2 => random.Next(-200_000_000, 200_000_000),
                    _ => random.Next(60_000),
                };
                var now = await scene.Engine.MoveToAsync(wall);
                Assert.True(now >= wall && now <= wall + ShardState.HeldStillMillis, $"seed {seed}: now is {now - wall} ms off the clock");
                await scene.MustBeARecountAsync(now, $"seed {seed}, look {look}");
            }
        }
    }

    [Fact]
    public async Task ASmallStepBack_HoldsStillAndDerivesNothing()
    {
        await using var scene = new Scene(shards: 1);
        await scene.Engine.MoveToAsync(Start);
        Assert.Equal(Start, await scene.Engine.MoveToAsync(Start - ShardState.HeldStillMillis));
        Assert.Equal(0, (await scene.SetBackAsync()).Times);
        Assert.Equal(Start - ShardState.HeldStillMillis - 1, await scene.Engine.MoveToAsync(Start - ShardState.HeldStillMillis - 1));
        Assert.Equal(new ClockSetBack(1, Start, Start - ShardState.HeldStillMillis - 1), await scene.SetBackAsync());
    }

    /// <summary>Events that come in the middle of it are counted once, in cases already counted and in those to come.</summary>
    [Fact]
    public async Task EventsWhileWindowsAreDerivedAgain_AreCountedOnce()
    {
        var cases = LongRuns.Scale(4_000);
        var random = new Random(2_026);
        await using var scene = new Scene(shards: 2, cases);
        scene.Accept(random, 2 * cases);
        await scene.Engine.MoveToAsync(Start + (3 * LocalTime.MillisPerDay));
        var began = Stopwatch.GetTimestamp();
        var moving = scene.Engine.MoveToAsync(Start);
        var longest = TimeSpan.Zero;
        do
        {
            scene.Accept(random, 20);
            var asked = Stopwatch.GetTimestamp();
            await scene.SetBackAsync();
            longest = Stopwatch.GetElapsedTime(asked) is var waited && waited > longest ? waited : longest;
        }
        while (!moving.IsCompleted);
        output.WriteLine($"{cases} cases: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms, longest wait of the stream "
            + $"{longest.TotalMilliseconds:0.0} ms");
        await scene.MustBeARecountAsync(await moving, "while derived");
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly List<byte[]> accepted = [];
        private readonly Intake intake;
        private readonly int cases;

        public Scene(int shards, int cases = 30)
        {
            this.cases = cases;
            Engine = new StreamEngine(new EngineOptions
            {
                Rulebook = Shipped.Rulebook().ExportingAll(),
                Directory = Shipped.Units("hungyen"),
                Shards = shards,
                Sliding = [.. Periods.Where(period => period.Kind == PeriodKind.Sliding)],
            });
            intake = Engine.OpenIntake("test");
        }

        public StreamEngine Engine { get; }

        public void Accept(Random random, int events)
        {
            for (; events > 0; events--)
            {
                var line = Encoding.UTF8.GetBytes(LineOf(random));
                accepted.Add(line);
                intake.Accept(line, new SourcePosition(0, accepted.Count), DecodeLimits.UnknownArrival);
            }

            intake.Flush();
        }

        public async Task<ClockSetBack> SetBackAsync() => (await Engine.AskAsync(static state => state.SetBack))[0];

        public async Task MustBeARecountAsync(long now, string when)
        {
            var codes = new CodeBook();
            var (decoder, recount) = (new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default),
                new NaiveRecount(codes, Engine.Options.Rulebook, Engine.Options.Directory));
            foreach (var line in accepted)
            {
                Assert.Equal(Verdict.Accepted, decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded));
                recount.Add(in decoded);
            }

            using var counted = new StringWriter();
            FigureCsv.Write(counted, recount.Rows(Periods, now, rollup: true));
            var ledgers = await Engine.AskAsync(static state => state.Ledger);
            using var shown = new StringWriter();
            FigureCsv.Write(shown, new FigureExport(Engine.Rules, Engine.Options.Codes.Units, Engine.Options.Directory, now, rollUp: true)
                .Rows([.. ledgers], Periods));
            TextAssert.SameLines($"{when}\n{counted}", $"{when}\n{shown}");
        }

        public ValueTask DisposeAsync() => Engine.DisposeAsync();

        private string LineOf(Random random)
        {
            var (unit, status) = (Units[random.Next(Units.Length)], random.Next(1, 11));
            var (at, accepted, due) = (Some(random), Some(random), Some(random));
            return $$"""{"source":"s","case":"c{{random.Next(cases)}}","at":"{{at}}","status":{{status}},"handling":"{{unit}}","channel":"online", """
                + $$""" "accepted":"{{accepted}}","due":"{{due}}"}""";
        }

        private static string Some(Random random) => InstantText.ToLocalMillis(Start + random.NextInt64(-300_000_000, 300_000_000));
    }
}
