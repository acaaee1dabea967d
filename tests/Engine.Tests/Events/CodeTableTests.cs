using System.Collections.Concurrent;

namespace KpiStream.Engine.Tests.Events;

/// <summary>The code table against a dictionary, alone and with many threads.</summary>
public sealed class CodeTableTests(ITestOutputHelper output)
{
    private readonly CodeTable table = new();

    [Fact]
    public void EmptyText_IsNull()
    {
        Assert.Equal(0, table.Intern(""));
        Assert.Equal(0, table.Find(""));
        Assert.Equal(0, table.Count);
        Assert.Equal("", table.Text(0));
    }

    [Fact]
    public void Codes_GetTheIdsADictionaryWouldGive()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new Dictionary<string, int>();
        for (var i = 0; i < 50_000; i++)
        {
            var code = new string((char)random.Next('a', 'd'), random.Next(1, 5)) + random.Next(3_000);
            Assert.Equal(model.GetValueOrDefault(code), table.Find(code));
            model.TryAdd(code, model.Count + 1);
            Assert.Equal(model[code], table.Intern(code));
        }

        Assert.Equal(model.Count, table.Count);
        Assert.All(model, pair => Assert.Equal(pair.Key, table.Text(pair.Value)));
    }

    [Fact]
    public void Codes_AreOrderedByTheirBytesWithNullLowest()
    {
        string[] ascending = ["", "\0", "0", "00", "1", "A", "a", "aa", "b", "\u00e9", "\u1ed3", "\uffff", "\U0001F600"];
        var ids = ascending.Reverse().Select(table.Intern).Reverse().ToList();
        for (var i = 0; i < ids.Count; i++)
        {
            for (var j = 0; j < ids.Count; j++)
            {
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(table.Compare(ids[i], ids[j])));
            }
        }
    }

    [Fact]
    public void CodesThatAreNotUtf8_AreKeptAsBytes()
    {
        byte[] odd = [0xFF, 0x00, 0x80];
        Assert.Equal(odd, table.Bytes(table.Intern(odd)).ToArray());
    }

    [Fact]
    public async Task ManyThreads_AgreeOnEveryId()
    {
        const int Threads = 8, Codes = 20_000;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var seen = new ConcurrentDictionary<string, int>();
        using var start = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var order = Enumerable.Range(0, Codes).ToArray();
                new Random(seed + thread).Shuffle(order);
                start.SignalAndWait();
                foreach (var number in order)
                {
                    InternAndLookUp($"c{number}", seen);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(Codes, table.Count);
        Assert.Equal(Enumerable.Range(1, Codes), seen.Values.Order());
    }

    private void InternAndLookUp(string code, ConcurrentDictionary<string, int> seen)
    {
        var bytes = Encoding.UTF8.GetBytes(code);
        var before = table.Find(bytes);
        var id = table.Intern(bytes);
        Assert.True(before == 0 || before == id, $"{code} was {before} and is {id}");
        Assert.Equal(id, seen.GetOrAdd(code, id));
        Assert.Equal(id, table.Find(bytes));
        Assert.True(table.Bytes(id).SequenceEqual(bytes), $"{code} has id {id}, which is {table.Text(id)}");
        Assert.InRange(id, 1, table.Count);
    }
}
