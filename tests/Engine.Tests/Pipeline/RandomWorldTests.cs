using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>
/// Engine and recount say the same under any rulebook and any directory, however the stream arrives, whenever it is asked, and wherever an engine resumes from
/// a checkpoint of another.
/// </summary>
public sealed class RandomWorldTests(ITestOutputHelper output)
{
    private const int FirstSeed = 13_000;
    private static readonly IReadOnlyList<Period> Asked =
        [.. "day,month,quarter,year,1h,24h,7d,since:2025-08-28,2025-08-27..2025-09-03,now".Split(',').Select(name => Period.TryParse(name)!)];

    [Fact]
    public async Task AnyRulebookAndDirectory_GiveTheRecountsRowsAndFingerprint()
    {
        var (unobserved, counted, procedures) = (0, 0, 0L);
        for (var seed = FirstSeed; seed < FirstSeed + LongRuns.Scale(30); seed++)
        {
            var world = new RandomWorld(seed);
            var recount = Recounted(world, out var fingerprint);
            unobserved += recount.Contributions.Count(one => one.Unobserved);
            counted += recount.Contributions.Count(one => one.Numerator);
            foreach (var (shards, asOf) in new (int, long?)[] { (1 + (seed % 3), null), (4, world.SomeInstant()) })
            {
                var run = await CountAsync(world, shards, asOf);
                Same(seed, Csv(recount.Rows(Asked, asOf ?? recount.GreatestAt!.Value, rollup: seed % 2 == 0)), Csv(run.Export(rollUp: seed % 2 == 0)));
                Assert.Equal((seed, fingerprint), (seed, run.Fingerprint));
                procedures += SameProcedures(seed, world, recount, run);
            }
        }

        output.WriteLine($"seeds from {FirstSeed}: {counted} counted, {unobserved} unobserved, {procedures} times a procedure");
        Assert.True(counted > 200 && unobserved > 100 && procedures > 50, "too few: this proves nothing");
    }

    /// <summary>Both counts of procedures over every period and unit; how many procedures the engine has counted.</summary>
    private static long SameProcedures(int seed, RandomWorld world, NaiveRecount recount, CountedWorld run)
    {
        var sum = 0L;
        foreach (var period in Asked.Where(period => period.Kind != PeriodKind.Now))
        {
            foreach (var unit in world.Directory.Rows.Where(row => row.IsProvince || row.Parent is null).Select(row => row.Code))
            {
                var counted = run.Procedures(period, unit);
                Assert.Equal((seed, period.Name, unit, recount.ProceduresPaidNationally(period, run.Now, unit)), (seed, period.Name, unit, counted));
                sum += counted.Denominator;
            }
        }

        return sum;
    }

    private static async Task<CountedWorld> CountAsync(RandomWorld world, int shards, long? asOf)
    {
        var (engine, stirred) = (Start(world, shards, asOf), world.Stirred());
        var intake = engine.OpenIntake("test");
        var cut = world.SomePlace(stirred.Length + 1);
        var steps = asOf is null ? [] : Enumerable.Range(0, stirred.Length).Select(_ => world.SomeInstant()).Where(now => now < asOf).Order().ToArray();
        for (var i = 0; i < stirred.Length; i++)
        {
            if (i == cut)
            {
                (engine, intake) = await RestartAsync(world, engine, intake, 1 + (shards % 4), asOf);
            }

            intake.Accept(stirred[i], new SourcePosition(0, i + 1), DecodeLimits.UnknownArrival);
            if (i < steps.Length && i % 3 == 0)
            {
                intake.Flush();
                await engine.AdvanceToAsync(steps[i]);
            }
        }

        intake.Flush();
        var now = asOf ?? intake.Counts.GreatestAt;
        await engine.AdvanceToAsync(now);
        await engine.StopAsync();
        Assert.Equal(stirred.Length, intake.Counts.Accepted);
        return new CountedWorld(engine, now);
    }

    private static StreamEngine Start(RandomWorld world, int shards, long? asOf) => new(new EngineOptions
    {
        Rulebook = world.Rulebook,
        Directory = world.Directory,
        Shards = shards,
        Sliding = [.. Asked.Where(period => period.Kind == PeriodKind.Sliding)],
        NowFollowsEvents = asOf is null,
    });

    /// <summary>Another engine that resumes from what one has counted so far, with other shards; the first is stopped.</summary>
    private static async Task<(StreamEngine Engine, Intake Intake)> RestartAsync(RandomWorld world, StreamEngine first, Intake intake, int shards, long? asOf)
    {
        intake.Flush();
        var (cutting, saved) = (first.CutAsync(), intake.Save());
        var (counted, slices) = (ShardCut.Sum(await cutting), await EngineRestart.FetchAsync(first));
        var now = (await first.AskAsync(state => state.Ledger.Now)).Max();
        var second = Start(world, shards, asOf);
        await EngineRestart.RestoreAsync(first, second, counted, slices, now);
        await first.StopAsync();
        var again = second.OpenIntake("test");
        again.Restore(saved);
        return (second, again);
    }

    private static NaiveRecount Recounted(RandomWorld world, out string fingerprint)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var recount = new NaiveRecount(codes, world.Rulebook, world.Directory);
        foreach (var record in world.Events)
        {
            Assert.Equal(Verdict.Accepted, decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded));
            recount.Add(in decoded);
        }

        var sum = default(KpiStream.Engine.Kpis.Fingerprint);
        foreach (var one in recount.Contributions)
        {
            sum.Add(Fingerprint.Place(one.Case, Fingerprint.CodeHash(one.Unit), one.Second), Fingerprint.Weight(Fingerprint.CodeHash(one.Figure), one.Outcome));
        }

        fingerprint = sum.ToString();
        return recount;
    }

    private static string Csv(IEnumerable<FigureRow> rows)
    {
        using var csv = new StringWriter();
        FigureCsv.Write(csv, rows);
        return csv.ToString();
    }

    private static void Same(int seed, string expected, string actual)
    {
        if (expected != actual)
        {
            Assert.Fail($"seed {seed}: the recount says '{expected.Split('\n').Except(actual.Split('\n')).FirstOrDefault()}', "
                + $"the engine '{actual.Split('\n').Except(expected.Split('\n')).FirstOrDefault()}'");
        }
    }

    private sealed record CountedWorld(StreamEngine Engine, long Now)
    {
        public string Fingerprint
        {
            get
            {
                var sum = default(KpiStream.Engine.Kpis.Fingerprint);
                foreach (var state in Engine.States)
                {
                    sum.Merge(state.Ledger.Fingerprint);
                }

                return sum.ToString();
            }
        }

        public FigureCount Procedures(Period period, string unit)
        {
            var today = LocalTime.DateOf(LocalTime.DayOf(Now));
            var sums = new ProcedureSums();
            foreach (var state in Engine.States)
            {
                sums.Merge(state.Ledger.Procedures.Sums(period, today, today)!);
            }

            return ProcedureSums.Count(sums.Of(
                province => Engine.Options.Codes.Units.Text(province) is var code && (code == unit || Engine.Options.Directory.Above(code).Contains(unit))));
        }

        public IEnumerable<FigureRow> Export(bool rollUp) =>
            new FigureExport(Engine.Rules, Engine.Options.Codes.Units, Engine.Options.Directory, Now, rollUp)
                .Rows([.. Engine.States.Select(state => state.Ledger)], Asked);
    }
}
