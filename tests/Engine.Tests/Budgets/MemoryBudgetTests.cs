using KpiStream.Engine.Cases;

namespace KpiStream.Engine.Tests.Budgets;

/// <summary>
/// What a case takes of the real heap against the bound of the contract, and that the table's own account is that of the heap.
/// </summary>
[Trait("Category", "Budget")]
[Collection(nameof(MemoryBudgetTests))]
public sealed class MemoryBudgetTests(ITestOutputHelper output)
{
    private const double MostPerCase = 150;

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1_600_000)]
    public void OrdinaryCases_TakeWhatTheContractAllows(int cases) =>
        AssertBytes(cases, 96, MostPerCase, (ref record, _) => record.Stamp = new Stamp(record.Stamp.At, 3));

    [Fact]
    [Trait("Category", "Long")]
    public void TenMillionCases_TakeWhatTheContractAllows() =>
        AssertBytes(10_000_000, 96, MostPerCase, (ref record, _) => record.Stamp = new Stamp(record.Stamp.At, 3));

    [Fact]
    public void CasesWithASequenceOfTheWholeSource_TakeWhatTheContractAllows() =>
        AssertBytes(1_000_000, 120, MostPerCase, (ref record, number) => record.Stamp = new Stamp(record.Stamp.At, (1L << 40) + number));

    [Fact]
    public void LinkedCases_TakeAnExtra() =>
        AssertBytes(200_000, 184, 250, (ref record, number) => record.Values.Parent = new CaseId(1, (ulong)number + 1));

    private delegate void Shaping(ref CaseRecord record, int number);

    private void AssertBytes(int cases, double least, double most, Shaping shape)
    {
        var before = SettledHeap();
        var table = new CaseTable();
        for (var one = 0; one < cases; one++)
        {
            var number = table.GetOrAdd(new CaseId((ulong)one * 0x9E37_79B9_7F4A_7C15, (ulong)one));
            table.Read(number, out var record);
            record.Stated = CaseKeys.Registers;
            record.Stamp = new Stamp(1_751_300_000_000 + one, 0);
            record.First.Accepted = record.Values.Filed = record.Values.Due = record.Values.Ended = record.Stamp.At;
            shape(ref record, one);
            table.Write(number, in record);
        }

        var heap = (SettledHeap() - before) / (double)cases;
        output.WriteLine($"{heap:F1} bytes of heap per case, {table.Bytes / (double)cases:F1} by the table's account");
        Assert.InRange(heap, least, most);
        Assert.InRange(table.Bytes / (double)cases, heap * 0.9, heap * 1.1);
        GC.KeepAlive(table);
    }

    /// <summary>What earlier tests left goes in several collections, where finalizers hold it: counted as gone only once nothing more goes.</summary>
    private static long SettledHeap()
    {
        var heap = long.MaxValue;
        long before;
        do
        {
            before = heap;
            GC.WaitForPendingFinalizers();
            heap = GC.GetTotalMemory(forceFullCollection: true);
        }
        while (heap < before);
        return heap;
    }
}

/// <summary>Runs alone: what other tests leave on the heap would be counted.</summary>
[CollectionDefinition(nameof(MemoryBudgetTests), DisableParallelization = true)]
public sealed class MemoryBudgetRuns;
