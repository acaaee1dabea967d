using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.State;

public sealed class GapRegisterTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 7, 1, 8, 0, 0, TimeSpan.FromHours(7)));
    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gap_StaysUntilAcknowledged_AcrossRestarts()
    {
        using (var files = StateFiles.Open(folder.Path))
        {
            var gaps = Open(files);
            gaps.Add("kafka:cases", 0, 5, 10, "retention has removed them");
        }

        using (var files = StateFiles.Open(folder.Path))
        {
            var gaps = Open(files);
            var gap = Assert.Single(gaps.Open);
            Assert.Equal("offsets 5 to 9 of partition 0 of kafka:cases were never read: retention has removed them", gap.Describe());
            Assert.Equal(1, gaps.Acknowledge("lan"));
        }

        using (var files = StateFiles.Open(folder.Path))
        {
            var gaps = Open(files);
            Assert.Empty(gaps.Open);
            Assert.Equal(("lan", time.GetUtcNow()), (Assert.Single(gaps.All).AcknowledgedBy, gaps.All[0].AcknowledgedAt));
        }

        Assert.Empty(said);
    }

    [Fact]
    public void WhatALogLacks_StaysUntilAcknowledged_AndGoesWhenItIsThereAgain()
    {
        var gaps = new GapRegister(said.Add, time);
        gaps.Add("kafka:cases", 0, 6, 11, "retention");
        gaps.Keep("log:l", [new MissingNumbers(6, 11, "events-00000003.kpirec"), new MissingNumbers(20, 21, "events-00000004.kpirec")]);
        Assert.StartsWith("events 6 to 10 of log:l are missing: the file before events-00000003.kpirec", gaps.Open[1].Describe());
        gaps.Acknowledge("lan");
        gaps.Keep("log:l", [new MissingNumbers(6, 11, "events-00000003.kpirec")]);
        Assert.Equal([("kafka:cases", 6L, "lan"), ("log:l", 6L, "lan")], gaps.All.Select(gap => (gap.Source, gap.From, gap.AcknowledgedBy)));
        gaps.Keep("log:l", []);
        Assert.Equal(["kafka:cases"], gaps.All.Select(gap => gap.Source));
    }

    [Fact]
    public void SameGapFoundAgain_IsOne()
    {
        var gaps = new GapRegister(said.Add, time);
        gaps.Add("kafka:cases", 0, 5, 10, "retention");
        gaps.Acknowledge("lan");
        gaps.Add("kafka:cases", 0, 5, 10, "retention");
        gaps.Add("kafka:cases", 1, 5, 10, "retention");

        gaps.Add("kafka:cases", 1, 9, 9, "the topic was deleted and created again");
        Assert.Contains("partition 1 of kafka:cases held from offset 9 on may never have been read: the topic was deleted", gaps.Open[^1].Describe());
        gaps.Acknowledge("lan");
        Assert.Equal([0, 1, 1], gaps.All.Select(static gap => gap.Partition));
        Assert.Empty(gaps.Open);
    }

    [Fact]
    public void MoreThanAreKept_NoneIsForgotten()
    {
        var gaps = new GapRegister(said.Add, time);
        for (var i = 0; i < 1_000; i++)
        {
            gaps.Add("kafka:cases", 0, i * 10, (i * 10) + 5, "retention");
        }

        Assert.Equal((100, 9_995L), (gaps.All.Count, gaps.All[^1].To));
    }

    [Fact]
    public void DamagedNote_IsSaid()
    {
        File.WriteAllText(folder.File(GapRegister.FileName), "[]\nno checksum");
        using var files = StateFiles.Open(folder.Path);
        Open(files);

        Assert.Contains("is damaged", Assert.Single(said));
    }

    private GapRegister Open(StateFiles files)
    {
        var gaps = new GapRegister(said.Add, time);
        gaps.KeepIn(new StateNote(files, GapRegister.FileName));
        return gaps;
    }
}
