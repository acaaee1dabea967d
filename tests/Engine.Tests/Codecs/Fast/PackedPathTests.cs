using KpiStream.Tests.Support.Corpus;
using KpiStream.Tests.Support.Formats;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>The fast path of MessagePack accepts what the judge accepts, with the same event and the same ids, and is really taken.</summary>
public sealed class PackedPathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(PackedEvents.Recorded, "ordinary", 0.98)]
    [InlineData(PackedEvents.Recorded, "mixed", 0.98)]
    [InlineData(PackedEvents.Recorded, "format-2", 0.9)]
    [InlineData("compact", "format-2", 0.5)]
    [InlineData("map", "format-2", 0.5)]
    [InlineData("compact", "ordinary", 0.98)]
    [InlineData("compact", "mixed", 0.80)] // empty texts where a code may be, and events that are rejected
    [InlineData("map", "ordinary", 0.98)]
    [InlineData("map", "mixed", 0.80)]
    public void GoldenStreams_TakeTheFastPathAndAreReadAsTheJudgeReadsThem(string form, string stream, double least)
    {
        var pair = Of(form);
        var records = PackedEvents.Of(form, stream);
        var taken = records.Count(record => pair.Compare(record));
        output.WriteLine($"{taken} of {records.Count} took the fast path");
        pair.AssertTaken((int)(least * records.Count), records.Count);
    }

    [Theory]
    [InlineData(PackedEvents.Recorded)]
    [InlineData("native")]
    public void TheCorpus_IsReadAsTheJudgeReadsIt(string form)
    {
        var pair = Of(form);
        var inputs = CorpusFile.Read("msgpack").ToList();
        var taken = inputs.Concat(inputs).Count(input => pair.Compare(input.Record));
        output.WriteLine($"{taken} of {2 * inputs.Count} took the fast path");
        pair.AssertTaken(form == PackedEvents.Recorded ? 0 : 100, int.MaxValue);
    }

    [Theory]
    [InlineData("compact")]
    [InlineData("map")]
    public async Task WhatOthersWrite_IsReadAsTheJudgeReadsIt(string form)
    {
        PythonScript.OrSkip();
        var pair = Of(form);
        foreach (var style in new[] { "plain", "random" })
        {
            var records = await FormConverter.ConvertAsync(GoldenFiles.Lines("mixed").Where(line => line.Length < 3_000), form, style, seed: 5);
            output.WriteLine($"{style}: {records.Count(record => pair.Compare(record))} of {records.Count} took the fast path");
        }
    }

    [Theory]
    [InlineData(PackedEvents.Recorded)]
    [InlineData("compact")]
    [InlineData("map")]
    public void Off_NothingTakesTheFastPath(string form)
    {
        var pair = Of(form, DecodeLimits.Default with { FastPath = false });
        Assert.DoesNotContain(PackedEvents.Of(form, "ordinary"), record => pair.Compare(record));
    }

    [Theory]
    [InlineData(PackedEvents.Recorded)]
    [InlineData("compact")]
    [InlineData("map")]
    public void ArrivalsBeforeTheEvent_AreRejectedAsByTheJudge(string form)
    {
        var record = PackedEvents.Of(form, "ordinary")[0];
        Assert.True(PackedEvents.Decoder(form, new CodeBook(), DecodeLimits.Default).Decode(record, DecodeLimits.UnknownArrival, out var decoded).IsAccepted);
        var pair = Of(form);
        foreach (var early in new[] { 0, 1, 599_999, 600_000, 600_001, 3_600_000 })
        {
            pair.Compare(record, decoded.Stamp.At - early);
        }

        pair.AssertTaken(3, 3);
    }

    [Theory]
    [InlineData("compact")]
    [InlineData("map")]
    public void SourcesThatMayNotSpeak_NeverTakeTheFastPath(string form)
    {
        var pair = Of(form, DecodeLimits.Default with { KnownSources = ["nobody"] });
        Assert.DoesNotContain(PackedEvents.Of(form, "ordinary"), record => pair.Compare(record));
    }

    [Theory]
    [InlineData(PackedEvents.Recorded)]
    [InlineData("compact")]
    [InlineData("map")]
    public void RecordsCutOffAnywhere_AreReadAsTheJudgeReadsThem(string form)
    {
        var pair = Of(form);
        var record = PackedEvents.Of(form, "ordinary").MaxBy(one => one.Length)!;
        for (var length = record.Length; length >= 0; length--)
        {
            pair.Compare(record[..length]);
            pair.Compare([.. record[..length], .. new byte[record.Length - length]]);
            pair.Compare([.. record, .. record[..length]]);
        }
    }

    [Fact]
    public void ChangedEvents_GetTheJudgesVerdictsAndIds()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        foreach (var form in new[] { PackedEvents.Recorded, "compact", "map" })
        {
            var pair = Of(form);
            var mutator = new PackedMutator(PackedEvents.Of(form, "mixed"), seed);
            for (var trial = 0; trial < LongRuns.Scale(10_000); trial++)
            {
                pair.Compare(mutator.Next());
            }
        }
    }

    private static DecoderPair Of(string form, DecodeLimits? limits = null) =>
        new(limits, decoder: (codes, chosen) => PackedEvents.Decoder(form, codes, chosen));
}
