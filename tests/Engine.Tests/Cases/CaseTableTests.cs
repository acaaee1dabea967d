using KpiStream.Engine.Cases;
using KpiStream.Engine.Events;
using KpiStream.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Engine.Tests.Cases;

/// <summary>The case table against a dictionary.</summary>
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
            // Few different low halves make long probes; equal high halves make equal tags.
            var id = new CaseId((ulong)random.Next(spread) << (random.Next(2) * 32), (ulong)random.Next(spread));
            ref var record = ref table.GetOrAdd(id);
            Assert.Equal(id, record.Id);
            Assert.Equal(model.GetValueOrDefault(id), record.Mixed);
            record.Mixed++;
            model[id] = record.Mixed;
        }

        Assert.Equal(model.Count, table.Count);
        for (var number = 0; number < table.Count; number++)
        {
            Assert.Equal(model[table[number].Id], table[number].Mixed);
        }
    }
}
