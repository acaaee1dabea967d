using FsCheck;
using FsCheck.Fluent;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>The promise: the streamed figure equals an independent recount, whatever was duplicated, late, reordered or corrected.</summary>
public class EngineEqualsRecountTests
{
    private const string AllPeriods = "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now";

    private static readonly Rulebook Rules = WithWaiver(Shipped.Rulebook().ExportingAll());

    [Fact]
    public void RandomStreams_GiveTheRecountsRowsAndFingerprint() => Holds(events =>
    {
        foreach (var rollUp in (bool[])[false, true])
        {
            var (csv, fingerprint) = Recounted(events, asOf: null, rollUp);
            var run = Run(events, null, rollUp, shards: 1);
            TextAssert.SameLines(csv, run.Csv);
            Assert.Equal(fingerprint, run.Fingerprint);
        }
    });

    [Fact]
    public void RandomStreamsAsOfAnEarlierInstant_HoldWhatLiesAhead() => Holds(events =>
    {
        var asOf = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 15))) + 43_200_500;
        TextAssert.SameLines(Recounted(events, asOf, rollUp: true).Csv, Run(events, asOf, rollUp: true, shards: 2).Csv);
    });

    [Fact]
    public void ShufflingRepeatingAndSplitting_ChangeNothing() => Holds(events =>
    {
        var plain = Run(events, null, rollUp: true, shards: 1);
        var random = new Random(events.Length);
        foreach (var shards in (int[])[1, 2, 4])
        {
            string[] stirred = [.. events, .. events.Where(_ => random.Next(2) == 0)];
            random.Shuffle(stirred);
            var run = Run(stirred, null, rollUp: true, shards);
            TextAssert.SameLines(plain.Csv, run.Csv);
            Assert.Equal(plain.Fingerprint, run.Fingerprint);
            Assert.Equal(plain.Cases, run.Cases);
            Assert.Equal(stirred.Length, run.Applied + run.Duplicates);
        }
    });

    [Fact]
    public void ARepeatedStream_IsAllDuplicatesTheSecondTime() => Holds(events =>
    {
        var once = Run(events, null, rollUp: false, shards: 1);
        var twice = Run([.. events, .. events], null, rollUp: false, shards: 1);
        Assert.Equal(once.Applied, twice.Applied);
        Assert.Equal(once.Duplicates + events.Length, twice.Duplicates);
    });

    private static EngineRun Run(string[] events, long? asOf, bool rollUp, int shards) =>
        EngineRun.OverAsync(RandomEvents.Bytes(events), AllPeriods, rollUp, asOf, shards, Rules).GetAwaiter().GetResult();

    private static (string Csv, string Fingerprint) Recounted(string[] events, long? asOf, bool rollUp)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var recount = new NaiveRecount(codes, Rules, Shipped.Units("hungyen"));
        foreach (var record in RandomEvents.Bytes(events))
        {
            Assert.Equal(Verdict.Accepted, decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded));
            recount.Add(in decoded);
        }

        using var csv = new StringWriter();
        FigureCsv.Write(csv, recount.Rows([.. AllPeriods.Split(',').Select(name => Period.TryParse(name)!)], asOf ?? recount.GreatestAt!.Value, rollUp));
        var fingerprint = default(Fingerprint);
        foreach (var one in recount.Contributions)
        {
            fingerprint.Add(Fingerprint.Place(one.Case, Fingerprint.CodeHash(one.Unit), one.Second),
                Fingerprint.Weight(Fingerprint.CodeHash(one.Figure), one.Outcome));
        }

        return (csv.ToString(), fingerprint.ToString());
    }

    /// <summary>
    /// Waivers in force for part of the time, by list, channel and unit, so that fee_due depends on the day of acceptance and on where the case is.
    /// </summary>
    private static Rulebook WithWaiver(Rulebook rulebook) => rulebook with
    {
        Waivers = [new FeeWaiver("1.001193", null, new DateOnly(2025, 7, 1), new DateOnly(2025, 7, 10), "thử nghiệm"),
            new FeeWaiver(null, Condition.FirstList, null, new DateOnly(2025, 7, 20), "thử nghiệm") { Channel = Condition.Online, Units = ["33",
                "12466"] }],
    };

    /// <summary>FsCheck prints the seed and the shrunken stream when a property fails.</summary>
    private static void Holds(Action<string[]> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(LongRuns.Scale(60)), Prop.ForAll(RandomEvents.Streams, property));
}
