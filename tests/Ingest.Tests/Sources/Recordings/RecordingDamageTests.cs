namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>Whatever happens to a recording's bytes: what is good is handed over, what is not is found, nothing wrong is accepted.</summary>
[Collection(nameof(RecordingDamageTests))]
public sealed class RecordingDamageTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryTruncation_GivesTheWholeBlocksBeforeIt_AndIsDamage_UnlessTheFileIsBeingWritten()
    {
        var bytes = new RecordingScene(9, 3).Record(folder.File("a.rec"), 3);
        var blocks = NaiveRecording.Blocks(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = bytes[..length];
            var (end, sink, said) = await RecordingScene.ReadAsync(cut);
            var isWhole = length == bytes.Length;
            Assert.Equal((length, isWhole ? SourceEndKind.Finished : SourceEndKind.Damaged), (length, end.Kind));
            Assert.Equal(blocks.Where(block => block.End <= length).SelectMany(block => block.Events), sink.Records);
            Assert.Equal(isWhole || length < 64, said.Count == 0); // Of what has no header, the end says it all.
            Assert.DoesNotContain(said.Append(end.Message), sentence => sentence.Contains("-1"));
            foreach (var writing in (RecordingWriting[])[RecordingWriting.Now, RecordingWriting.Open])
            {
                var written = new RecordingInput("a.rec", () => new MemoryStream(cut)) { FindWriting = () => writing };
                Assert.Equal(SourceEnd.Finished, (await RecordingScene.ReadAsync([written])).End);
            }
        }
    }

    [Fact]
    public async Task EverySingleBitFlip_IsFound_AndCostsOneBlockAtMost()
    {
        var bytes = new RecordingScene(8, 4).Record(folder.File("a.rec"), 4);
        var blocks = NaiveRecording.Blocks(bytes);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var (end, sink, said) = await RecordingScene.ReadAsync(flipped);

            Assert.Equal(SourceEndKind.Damaged, end.Kind);
            Assert.NotEmpty(said);
            Assert.Equal(blocks.Where(block => bit / 8 < block.Start || bit / 8 >= block.End).SelectMany(block => block.Events), sink.Records);
        }
    }

    [Fact]
    public async Task RandomDamage_LeavesExactlyTheUntouchedBlocks()
    {
        var bytes = new RecordingScene(600, 8).Record(folder.File("a.rec"), 6);
        for (var seed = 0; seed < LongRuns.Scale(300); seed++)
        {
            output.WriteLine($"seed {seed}");
            var damaged = Damage(bytes, new Random(seed));
            var (end, sink, said) = await RecordingScene.ReadAsync(damaged);

            var expected = NaiveRecording.Blocks(damaged);
            Assert.Equal(expected.SelectMany(block => block.Events), sink.Records);
            var isWhole = expected.Count > 0 && expected.Index().All(block => block.Item.Number == block.Index) && expected[^1].End == damaged.Length
                && expected.Zip(expected.Skip(1)).All(pair => pair.First.End == pair.Second.Start);
            Assert.True(isWhole || end.Kind == SourceEndKind.Damaged || said.Exists(line => line.Contains("cut at byte")));
        }
    }

    [Fact]
    public async Task TheMessage_SaysWhereAndHowMuch()
    {
        var bytes = new RecordingScene(30, 4).Record(folder.File("a.rec"), 10);
        var blocks = NaiveRecording.Blocks(bytes);
        var second = blocks[1];
        bytes[second.Start + 100] ^= 1;

        var (end, _, said) = await RecordingScene.ReadAsync(bytes);

        Assert.Equal([$"a.rec: bytes {second.Start} to {second.End - 1}, after block 0, are damaged and were passed over."], said);
        Assert.StartsWith($"a.rec is damaged in 1 place ({second.End - second.Start} bytes, at least {second.Events.Count} records lost)", end.Message);
    }

    [Fact]
    public async Task ABlockTakenOut_IsNoticedThoughEveryBlockLeftIsGood()
    {
        var bytes = new RecordingScene(30, 4).Record(folder.File("a.rec"), 10);
        var blocks = NaiveRecording.Blocks(bytes);
        byte[] without = [.. bytes[..blocks[1].Start], .. bytes[blocks[1].End..]];

        var (end, sink, _) = await RecordingScene.ReadAsync(without);

        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.Contains($"at least {blocks[1].Events.Count} records lost", end.Message);
        Assert.Equal(30 - blocks[1].Events.Count, sink.Records.Count);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData((1 << 20) + 1)]
    [InlineData(1 << 20)]
    public async Task ALyingLengthWithARightChecksum_CostsNoMemory(int length)
    {
        var bytes = new RecordingScene(6, 4).Record(folder.File("a.rec"), 2);
        RecordingHeader.TryRead(bytes, out var file);
        var blocks = NaiveRecording.Blocks(bytes);
        BlockHeader.TryRead(bytes.AsSpan(blocks[1].Start), file.Id, out var header);
        (header with { PayloadBytes = length }).Write(file.Id, bytes.AsSpan(blocks[1].Start));

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (end, sink, _) = await RecordingScene.ReadAsync(bytes);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 << 20);
        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.Equal(blocks.Where(block => block.Number != 1).SelectMany(block => block.Events), sink.Records);
    }

    [Fact]
    public async Task AWholeBlockOfNonsense_IsDamageAndNoCrash()
    {
        var bytes = new RecordingScene(6, 4).Record(folder.File("a.rec"), 2);
        RecordingHeader.TryRead(bytes, out var file);
        var block = NaiveRecording.Blocks(bytes)[1];
        BlockHeader.TryRead(bytes.AsSpan(block.Start), file.Id, out var header);
        for (var seed = 0; seed < LongRuns.Scale(2_000); seed++)
        {
            var nonsense = Nonsense(bytes, block.Start, file, header, new Random(seed));
            var (end, sink, _) = await RecordingScene.ReadAsync(nonsense);

            Assert.True(end.Kind is SourceEndKind.Finished or SourceEndKind.Damaged);
            Assert.InRange(sink.Records.Count, 4, 4 + header.PayloadBytes);
        }
    }

    [Fact]
    public async Task RandomBytes_AreNeverAcceptedAndNeverHang()
    {
        for (var seed = 0; seed < LongRuns.Scale(500); seed++)
        {
            var bytes = new byte[new Random(seed).Next(3_000)];
            new Random(seed).NextBytes(bytes);
            RecordingFormat.Magic[..Math.Min(8, bytes.Length)].CopyTo(bytes);
            var (_, sink, _) = await RecordingScene.ReadAsync(bytes);
            Assert.Empty(sink.Records);
        }
    }

    /// <summary>A few bytes of a block's payload changed, so that some of it still reads, and its checksums made right again.</summary>
    private static byte[] Nonsense(byte[] file, int start, RecordingHeader header, BlockHeader block, Random chance)
    {
        var nonsense = file.ToArray();
        var payload = nonsense.AsSpan(start + RecordingFormat.BlockHeaderBytes, block.PayloadBytes);
        for (var changes = chance.Next(1, 4); changes > 0; changes--)
        {
            payload[chance.Next(payload.Length)] = (byte)chance.Next(256);
        }

        (block with { PayloadChecksum = RecordingFormat.Checksum(payload) }).Write(header.Id, nonsense.AsSpan(start));
        return nonsense;
    }

    /// <summary>Bytes overwritten, taken out, put in, swapped or cut off, behind the file's header.</summary>
    private static byte[] Damage(byte[] file, Random chance)
    {
        var bytes = file.ToList();
        for (var hits = chance.Next(1, 6); hits > 0; hits--)
        {
            var at = chance.Next(RecordingFormat.FirstBlock, bytes.Count - 1);
            var length = Math.Min(chance.Next(1, chance.Next(2, 3_000)), bytes.Count - at);
            var noise = new byte[length];
            chance.NextBytes(noise);
            switch (chance.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, noise);
                    break;
                case 2:
                    bytes.InsertRange(chance.Next(RecordingFormat.FirstBlock, bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3 when at > bytes.Count / 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, noise);
                    break;
            }
        }

        return [.. bytes];
    }
}

/// <summary>Runs alone: what other tests allocate meanwhile would be counted.</summary>
[CollectionDefinition(nameof(RecordingDamageTests), DisableParallelization = true)]
public sealed class RecordingDamageRuns;
