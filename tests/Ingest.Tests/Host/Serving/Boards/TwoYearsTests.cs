using System.Globalization;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>
/// Twenty-four months of a province through the real engine, hour by hour: cases and closed days are kept for ever and cost what they cost, and everything else
/// must not grow. The province is Hưng Yên with 4,900 cases a working day (156,230 from 1 July to 13 August 2025), in every build a twentieth of it,
/// with <c>KPISTREAM_TEST_EFFORT=20</c> all of it.
/// </summary>
[Trait("Category", "Budget")]
[Collection(nameof(TwoYearsTests))]
public sealed class TwoYearsTests(ITestOutputHelper output)
{
    private const int Seed = 20250701;
    private const int Months = 24;
    private const long CasesOfTheProvince = 4_900;
    private const int MillisPerHour = 3_600_000;

    /// <summary>The longest window is full, and the slow weeks after the rollout are over.</summary>
    private const int Settled = 3;

    /// <summary>150 for an ordinary case with its index; in a mixed stream one in some has a layer or an extra beside its slot.</summary>
    private const double MostBytesPerCase = 170;

    /// <summary>A dictionary's entry, an array's head and the lanes of the shipped rulebook, 74 in rows of whole vectors.</summary>
    private const long BytesPerUnitDay = 48 + 24 + (80 * 4);

    /// <summary>What the runtime itself may come to hold meanwhile.</summary>
    private const long Noise = 256 << 10;

    private static readonly string[] Windows = ["1h", "24h", "7d", "30d"];

    [Fact]
    public async Task TwoYearsOfAProvince_WhatIsNotKeptForEverDoesNotGrow()
    {
        var rate = Math.Min(CasesOfTheProvince, LongRuns.Scale((int)CasesOfTheProvince / 20));
        output.WriteLine($"seed {Seed}, {rate} cases a working day");
        var curve = await LiveAsync(rate);
        foreach (var month in curve)
        {
            output.WriteLine(month.ToString());
        }

        Assert.Equal(Months, curve.Count);
        Assert.All(curve.Skip(Settled), month => Assert.InRange(month.CaseBytes / (double)month.Cases, 96, MostBytesPerCase));
        MustNotGrow("the rest of the heap", curve, static month => month.Rest);
        MustNotGrow("windows and deadlines", curve, static month => month.ContributionBytes);
    }

    /// <summary>No month of the second year is above every month of the first, by more than a tenth: months differ by their working days.</summary>
    private static void MustNotGrow(string what, List<Month> curve, Func<Month, long> of)
    {
        var (before, after) = (curve.Skip(Settled).Take(Months / 2 - Settled).Max(of), curve.Skip(Months / 2).Max(of));
        Assert.True(after <= (before * 11 / 10) + Noise,
            $"{what}: {before:N0} bytes at most in the first year, {after:N0} in the second");
    }

    private static async Task<List<Month>> LiveAsync(long casesPerDay)
    {
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var periods = Windows.Select(name => Period.TryParse(name)!).Append(Period.TryParse("month")!).ToList();
        await using var engine = new StreamEngine(
            new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Sliding = [.. periods.SkipLast(1)] });
        var intake = engine.OpenIntake("two-years");
        var stream = new GeneratedStream(
            new GenerateOptions(long.MaxValue, Seed, Shipped.Units("hungyen")) { Profile = GenerateProfile.Mixed, CasesPerDay = casesPerDay });
        var curve = new List<Month>();
        var (hour, month) = (0L, 0);
        while (curve.Count < Months && stream.MoveNext())
        {
            var at = stream.Arrival;
            if (at / MillisPerHour != hour)
            {
                hour = at / MillisPerHour;
                intake.Flush();
                await engine.AdvanceToAsync(at);
                if (MonthsSince(at) is var next && next > month)
                {
                    month = next;
                    curve.Add(await LookAsync(engine, await EngineReading.TakeAsync(engine, periods, at, anchor: null, CancellationToken.None), month, empty));
                }
            }

            intake.Accept(stream.Line, new Engine.Events.SourcePosition(0, stream.Count), at);
        }

        return curve;
    }

    private static int MonthsSince(long at)
    {
        var day = LocalTime.DateOf(LocalTime.DayOf(at));
        return ((day.Year - GenerateOptions.DefaultStart.Year) * 12) + day.Month - GenerateOptions.DefaultStart.Month;
    }

    private static async Task<Month> LookAsync(StreamEngine engine, EngineReading reading, int number, long empty)
    {
        var unitDays = (await engine.AskAsync(static state => state.Ledger.Figures.Days.Days.Sum(day => (long)state.Ledger.Figures.Days.On(day)!.Count))).Sum();
        return new Month(number, GC.GetTotalMemory(forceFullCollection: true) - empty, reading.Cases, reading.CaseBytes, reading.ContributionBytes,
            unitDays * BytesPerUnitDay);
    }

    private sealed record Month(int Number, long Heap, long Cases, long CaseBytes, long ContributionBytes, long DayBytes)
    {
        /// <summary>Everything that is not kept for ever, and the simulated offices.</summary>
        public long Rest => Heap - CaseBytes - DayBytes;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"month {Number,2}: {Cases,9:N0} cases, heap {Heap / 1e6,7:N1} MB: cases {CaseBytes / 1e6,6:N1} ({CaseBytes / (double)Cases:N0} bytes each), "
                + $"closed days {DayBytes / 1e6,5:N1}, the rest {Rest / 1e6,6:N1} (windows and deadlines {ContributionBytes / 1e6:N1})");
    }
}

/// <summary>Runs alone: what other tests leave on the heap would be counted.</summary>
[CollectionDefinition(nameof(TwoYearsTests), DisableParallelization = true)]
public sealed class TwoYearsRuns;
