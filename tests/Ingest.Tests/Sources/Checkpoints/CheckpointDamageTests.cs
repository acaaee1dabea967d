namespace KpiStream.Ingest.Tests.Sources.Checkpoints;

/// <summary>Whatever happens to a checkpoint's bytes is noticed, and the one before it is there.</summary>
public sealed class CheckpointDamageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ACheckpoint_GivesBackWhatWasPutIn()
    {
        var (files, _, newer) = await TwoAsync();
        Assert.Equal(newer, SmallCheckpoint.ReadNewest(files));
    }

    [Fact]
    public async Task CutOffAtAnyByte_TheOneBeforeIsUsed()
    {
        var (files, older, _) = await TwoAsync();
        var whole = files[CheckpointStore.FileOf(2)];
        for (var length = 0; length < whole.Length; length++)
        {
            files[CheckpointStore.FileOf(2)] = whole[..length];
            Assert.Equal(older, SmallCheckpoint.ReadNewest(files));
        }
    }

    [Fact]
    public async Task AnyByteChanged_TheOneBeforeIsUsed()
    {
        const int Seed = 6_200;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var (files, older, _) = await TwoAsync();
        var whole = files[CheckpointStore.FileOf(2)];
        var changed = whole.ToArray();
        files[CheckpointStore.FileOf(2)] = changed;
        for (var at = 0; at < whole.Length; at++)
        {
            changed[at] ^= (byte)(1 << random.Next(8));
            Assert.Equal(older, SmallCheckpoint.ReadNewest(files));
            changed[at] = (byte)(whole[at] ^ random.Next(1, 256));
            Assert.Equal(older, SmallCheckpoint.ReadNewest(files));
            changed[at] = whole[at];
        }
    }

    [Fact]
    public async Task BytesBehindTheEnd_AreDamage()
    {
        var (files, older, _) = await TwoAsync();
        files[CheckpointStore.FileOf(2)] = [.. files[CheckpointStore.FileOf(2)], 0];
        Assert.Equal(older, SmallCheckpoint.ReadNewest(files));
    }

    [Fact]
    public async Task BlocksOfAnotherCheckpoint_AreDamage()
    {
        var (files, older, _) = await TwoAsync();
        var (one, two) = (files[CheckpointStore.FileOf(1)], files[CheckpointStore.FileOf(2)]);
        files[CheckpointStore.FileOf(2)] = [.. two[..32], .. one[32..]];
        Assert.Equal(older, SmallCheckpoint.ReadNewest(files));
    }

    [Fact]
    public void RandomBytes_AreNoCheckpointAndNoException()
    {
        var random = new Random(6_201);
        for (var trial = 0; trial < LongRuns.Scale(2_000); trial++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            Assert.Equal("", SmallCheckpoint.Read(new MemoryStream(bytes)));
        }
    }

    private static async Task<(MemoryFiles Files, string Older, string Newer)> TwoAsync()
    {
        var files = new MemoryFiles();
        var store = new CheckpointStore(files);
        return (files, await SmallCheckpoint.WriteAsync(store, 4), await SmallCheckpoint.WriteAsync(store, 8));
    }
}
