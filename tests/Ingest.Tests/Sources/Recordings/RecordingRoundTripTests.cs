namespace KpiStream.Ingest.Tests.Sources.Recordings;

public sealed class RecordingRoundTripTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Checksum_IsThePublishedOne(string text, uint expected)
    {
        Assert.Equal(expected, RecordingFormat.Checksum(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(expected, NaiveRecording.Crc(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void ChecksumsOfEveryLength_AreTheNaiveOnes()
    {
        var bytes = new byte[10_000];
        new Random(11).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length += length < 1_700 ? 1 : 61)
        {
            Assert.Equal(NaiveRecording.Crc(bytes.AsSpan(bytes.Length - length)), RecordingFormat.Checksum(bytes.AsSpan(bytes.Length - length)));
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1L << 40)]
    [InlineData(500, 7, 1, 4_000)]
    [InlineData(3_000, 1_000_000, 1, 40_000)]
    [InlineData(3_000, 100, 64 * 1024, 64 << 20)]
    public async Task RecordedEvents_AreReadBackAsTheyWere(int count, int commitEvery, int blockBytes, long sectionBytes)
    {
        var scene = new RecordingScene(
            count, 5)
        { Options = new RecordingOptions(new CodeBook(), RecordingScene.KeyId) { BlockBytes = blockBytes, SectionBytes = sectionBytes } };
        var bytes = scene.Record(folder.File("a.rec"), commitEvery);

        var (end, sink, said) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("a.rec"))]);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Empty(said);
        Assert.Equal(scene.Expected, sink.Records);
        Assert.Equal(scene.Expected, NaiveRecording.Blocks(bytes).SelectMany(block => block.Events));
        Assert.Equal(3, NaiveRecording.Blocks(bytes)[^1].Type);
        Assert.True(RecordingInput.IsRecording(folder.File("a.rec")));
        Assert.Equal(RecordingScene.KeyId, RecordingInput.KeyIdOf(folder.File("a.rec")));
        Assert.False(File.Exists(folder.File("a.rec.lock")));
    }

    [Fact]
    public async Task Manifest_TellsWhatTheFileHolds()
    {
        var scene = new RecordingScene(400, 6);
        using (var writer = scene.Open(folder.File("a.rec")))
        {
            scene.Append(writer, 0, 400, 50);
            writer.AppendRejected(new Verdict(RejectReason.Malformed), new SourcePosition(8, 77), 5);
            writer.AppendRejected(Verdict.BadValue(CaseKey.Fee), new SourcePosition(8, 78), DecodeLimits.UnknownArrival);
            writer.AppendRejected(Verdict.BadValue(CaseKey.Fee), new SourcePosition(8, 79), 6);
            writer.Close();
        }

        var bytes = await File.ReadAllBytesAsync(folder.File("a.rec"));
        var manifest = NaiveRecording.Blocks(bytes)[^1];
        var summary = RecordingSummary.TryRead(
            bytes.AsSpan(manifest.Start + RecordingFormat.BlockHeaderBytes, manifest.End - manifest.Start - RecordingFormat.BlockHeaderBytes))!;

        var known = scene.Expected.Where(record => record.Arrival != DecodeLimits.UnknownArrival).Select(record => record.Arrival).ToList();
        Assert.Equal(403, summary.Records);
        Assert.Equal(new ArrivalRange(5, known.Max()), summary.Arrivals);
        Assert.Equal([new("bad_value:fee", 2), new("malformed", 1)], summary.Rejected);
        Assert.Equal(400, summary.Sources.Values.Sum());
        Assert.DoesNotContain("", summary.Sources.Keys);
        Assert.Equal(79, summary.Positions[8]);
        Assert.Equal(133, summary.Positions[0]);
        Assert.Equal(132, summary.Positions[2]);
    }

    [Fact]
    public async Task SeveralRecordings_AreReadInTheOrderGiven()
    {
        var (first, second) = (new RecordingScene(20, 1), new RecordingScene(30, 2));
        first.Record(folder.File("a.rec"), 6);
        second.Record(folder.File("b.rec"), 6);

        var (end, sink, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("b.rec")), RecordingInput.FromPath(folder.File("a.rec"))]);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal([.. second.Expected, .. first.Expected], sink.Records);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(5_000)]
    public async Task StartPositions_LeaveOutExactlyWhatLiesBefore(long sectionBytes)
    {
        var scene = new RecordingScene(
            900, 9)
        { Options = new RecordingOptions(new CodeBook(), RecordingScene.KeyId) { BlockBytes = 1, SectionBytes = sectionBytes } };
        var bytes = scene.Record(folder.File("a.rec"), 5);
        foreach (var start in (Dictionary<int, long>[])[new() { [0] = 100, [1] = 100, [2] = 100 }, new() { [0] = 300, [1] = 300, [2] = 299 },
            new() { [1] = 250 }, new() { [0] = 5_000, [1] = 5_000, [2] = 5_000 }])
        {
            var (end, sink, _) = await RecordingScene.ReadAsync(bytes, new RecordingSourceOptions { StartPositions = start });
            Assert.Equal(SourceEnd.Finished, end);
            Assert.Equal(scene.Expected.Where(record => record.Position.Offset >= start.GetValueOrDefault(record.Position.Partition)), sink.Records);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    [InlineData(1 << 20)]
    public async Task TimeRange_GivesExactlyWhatArrivedInIt(long sectionBytes)
    {
        var scene = new RecordingScene(
            900, 9)
        { Options = new RecordingOptions(new CodeBook(), RecordingScene.KeyId) { BlockBytes = 1, SectionBytes = sectionBytes } };
        var bytes = scene.Record(folder.File("a.rec"), 5);
        var arrivals = scene.Expected.Select(record => record.Arrival).Where(arrival => arrival != DecodeLimits.UnknownArrival).Order().ToList();
        foreach (var (from, to) in ((int, int)[])[(0, arrivals.Count - 1), (200, 300), (arrivals.Count - 1, arrivals.Count - 1), (0, 0)])
        {
            var range = new ArrivalRange(arrivals[from], arrivals[to]);
            var (end, sink, _) = await RecordingScene.ReadAsync(bytes, new RecordingSourceOptions { Arrivals = range });
            Assert.Equal(SourceEnd.Finished, end);
            Assert.NotEmpty(sink.Records);
            Assert.Equal(scene.Expected.Where(record => record.Arrival >= range.Least && record.Arrival <= range.Greatest), sink.Records);
        }
    }

    [Fact]
    public async Task AFileThatIsNone_IsRefusedWithASentence()
    {
        var path = folder.File("a.rec");
        await File.WriteAllTextAsync(path, "{\"v\":1}\n" + new string('x', 300));
        var (end, _, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(path)]);
        Assert.Equal((SourceEndKind.Unavailable, true), (end.Kind, end.Message.Contains("is no recording")));
        Assert.Contains("is no recording", RecordingOpening.Open(path, new RecordingOptions(new CodeBook(), "")).Error);
        Assert.False(RecordingInput.IsRecording(path));

        var (missing, _, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("none.rec"))]);
        Assert.Equal((SourceEndKind.Unavailable, true), (missing.Kind, missing.Message.Contains("does not exist")));
    }
}
