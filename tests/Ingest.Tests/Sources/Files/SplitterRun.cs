namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>Gives bytes to a splitter as a pipe reader would: what was not taken comes again with more behind it.</summary>
internal static class SplitterRun
{
    /// <param name="bytes">The whole input.</param>
    /// <param name="segment">The size of the next segment of a buffer.</param>
    /// <param name="step">How many further bytes the next buffer has.</param>
    /// <param name="limit">The most bytes the splitter may leave standing.</param>
    /// <returns>What it handed over, and whether it got lost.</returns>
    public static (List<CollectingSink.Record> Records, bool IsLost) Over(
        byte[] bytes, Func<IRecordSink, IRecordSplitter> open, Func<int> segment, Func<int> step, int limit)
    {
        var sink = new CollectingSink();
        using var splitter = open(sink);
        var taken = 0;
        for (var known = 0; known < bytes.Length;)
        {
            known = Math.Min(bytes.Length, known + step());
            var buffer = SegmentedText.Cut(bytes.AsMemory(taken..known), segment);
            taken += (int)buffer.Slice(0, splitter.Take(buffer, final: false)).Length;
            Assert.True(known - taken <= limit, "more than a record is kept");
        }

        var rest = SegmentedText.Cut(bytes.AsMemory(taken..), segment);
        Assert.Equal(0, rest.Slice(splitter.Take(rest, final: true)).Length);
        return (sink.Records, splitter.IsLost);
    }
}
