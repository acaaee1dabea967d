using KpiStream.Engine.Cases;

namespace KpiStream.Engine.Tests.Cases;

public class CaseTableTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(31, 64)]
    [InlineData(32, 1 << 20)]
    public void RandomCases_AreFoundAgainAsADictionaryFindsThem(int seed, int spread)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = new CaseTable();
        var model = new Dictionary<CaseId, int>();
        for (var step = 0; step < LongRuns.Scale(20_000); step++)
        {
            // Few different halves make long probes and equal tags.
            var id = new CaseId((ulong)random.Next(spread) << (random.Next(2) * 32), (ulong)random.Next(spread));
            Assert.Equal(model.GetValueOrDefault(id, -1), table.Find(id));
            var number = table.GetOrAdd(id);
            Assert.Equal(model.GetValueOrDefault(id, model.Count), number);
            model[id] = number;
        }

        Assert.Equal(model.Count, table.Count);
        foreach (var (id, number) in model)
        {
            table.Read(number, out var record);
            Assert.Equal(id, record.Id);
        }
    }

    [Fact]
    public void ABatch_IsLocatedAsItsCasesAreOneByOne()
    {
        var random = new Random(33);
        var (table, single) = (new CaseTable(), new CaseTable());
        for (var round = 0; round < 50; round++)
        {
            var events = Enumerable.Range(0, EventBatch.Capacity).Select(_ => new CaseEvent { Case = RandomRecords.Id(random, 900) }).ToArray();
            var numbers = new int[events.Length];
            table.Locate(events, numbers);
            Assert.Equal(events.Select(one => single.GetOrAdd(one.Case)), numbers);
        }
    }

    [Theory]
    [InlineData(34)]
    [InlineData(35)]
    public void WhateverTheContractAllows_IsGivenBackAsItWasWritten(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = new CaseTable();
        var model = new Dictionary<CaseId, CaseRecord>();
        for (var step = 0; step < LongRuns.Scale(50_000); step++)
        {
            var id = RandomRecords.Id(random, 300);
            var number = table.GetOrAdd(id);
            table.Read(number, out var held);
            AssertSame(model.GetValueOrDefault(id, new CaseRecord { Id = id }), held, table);

            var record = RandomRecords.Next(random, id);
            table.Layers.Remove(ref held.Older, uint.MaxValue);
            record.Older = held.Older;
            for (var older = random.Next(4); older > 0; older--)
            {
                table.Layers.Add(ref record.Older, new Stamp(older, long.MaxValue - older), 1u << older);
            }

            table.Write(number, in record);
            model[id] = record;
        }

        Assert.True(table.Extras is > 0 and <= 300, $"{table.Extras} extras");
        foreach (var id in model.Keys)
        {
            table.Read(table.Find(id), out var held);
            table.Layers.Remove(ref held.Older, uint.MaxValue);
            table.Write(table.Find(id), new CaseRecord { Id = id });
        }

        Assert.Equal((0, 0), (table.Extras, table.Layers.Count));
    }

    [Fact]
    public void AnInstantBeyondTheContract_IsRefusedAndChangesNothing()
    {
        var table = new CaseTable();
        var number = table.GetOrAdd(new CaseId(1, 2));
        var record = new CaseRecord { Id = new CaseId(1, 2), Stamp = new Stamp(5, 6) };
        table.Write(number, in record);
        record.Values.Due = 1L << 42;
        Assert.Throws<InvalidOperationException>(() => table.Write(number, in record));
        table.Read(number, out var held);
        Assert.Equal((new Stamp(5, 6), 0L), (held.Stamp, held.Values.Due));
    }

    private static void AssertSame(in CaseRecord expected, in CaseRecord actual, CaseTable table)
    {
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal((expected.Stamp, expected.Stated), (actual.Stamp, actual.Stated));
        Assert.Equal(expected.Older, actual.Older);
        Assert.Equal(table.Layers.StampsOf(in expected), table.Layers.StampsOf(in actual));
        Assert.True(expected.Values == actual.Values, "the registers differ");
        Assert.Equal(expected.First, actual.First);
    }
}
