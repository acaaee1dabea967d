using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Snapshots;
using Xunit;

namespace KpiStream.Tests.Support;

/// <summary>What a checkpoint does, without a file: the cases of one engine, cut at a place of its stream, given to another.</summary>
public static class EngineRestart
{
    /// <summary>The cases of a cut, shard by shard.</summary>
    public static async Task<List<byte[]>> FetchAsync(StreamEngine engine)
    {
        var slices = new List<byte[]>();
        for (var shard = 0; shard < engine.Options.Shards; shard++)
        {
            while (await engine.AskShardAsync(shard, state => state.NextSlice(out _)) is { } slice)
            {
                slices.Add(slice.Bytes.ToArray());
                slice.Return();
            }

            await engine.AskShardAsync(shard, state =>
            {
                state.EndSnapshot();
                return true;
            });
        }

        return slices;
    }

    /// <summary>Gives an engine what another one had at a cut.</summary>
    public static async Task RestoreAsync(StreamEngine from, StreamEngine to, ShardCut counted, List<byte[]> slices, long now)
    {
        var (written, codes) = (new SavedCodes(from.Options.Codes), new SavedCodes(to.Options.Codes));
        var room = new byte[4096];
        foreach (var (table, read) in written.All.Zip(codes.All))
        {
            while (table.Write(room) is > 0 and var length)
            {
                Assert.True(read.TryRead(room.AsSpan(0, length)));
            }
        }

        if (now != long.MinValue)
        {
            await to.AdvanceToAsync(now);
        }

        foreach (var slice in slices)
        {
            Assert.True(await to.RestoreAsync(slice, codes, shard: null));
        }

        var restored = await to.AskAsync(state => new ShardCut(state.Cases.Count, 0, 0, 0, state.Ledger.Fingerprint));
        Assert.Equal((counted.Cases, counted.Fingerprint), (ShardCut.Sum(restored).Cases, ShardCut.Sum(restored).Fingerprint));
        await to.AskShardAsync(0, state =>
        {
            state.Restore(counted);
            return true;
        });
    }
}
