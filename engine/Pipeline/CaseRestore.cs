using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Snapshots;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Takes over cases of a snapshot, some at a time: they are located together before any is counted, so that the searches for them do not wait for one another.
/// Owned by one shard.
/// </summary>
internal sealed class CaseRestore(CaseTable cases, CaseFactsReader facts, CaseLedger ledger)
{
    private const int Most = 64;

    private readonly CaseRecord[] records = new CaseRecord[Most];
    private readonly StampLayers.Layer[] older = new StampLayers.Layer[Most * CaseKeys.Count];
    private readonly int[] layers = new int[Most];
    private readonly int[] numbers = new int[Most];
    private int count;

    /// <summary>Takes over a slice; false when the bytes are no cases.</summary>
    public bool TryTake(ReadOnlySpan<byte> slice, SavedCodes codes, Func<CaseId, bool> isOwn)
    {
        var from = new SnapshotReader(slice);
        while (!from.IsAtEnd && CaseForm.TryRead(ref from, codes, out records[count], OlderOf(count), out layers[count]))
        {
            count += isOwn(records[count].Id) ? 1 : 0;
            if (count == Most)
            {
                Settle();
            }
        }

        Settle();
        return !from.IsBroken;
    }

    private Span<StampLayers.Layer> OlderOf(int index) => older.AsSpan(index * CaseKeys.Count, CaseKeys.Count);

    private void Settle()
    {
        cases.Locate(records.AsSpan(0, count), numbers);
        var nothing = facts.Read(default);
        for (var i = 0; i < count; i++)
        {
            ref var record = ref records[i];
            foreach (ref readonly var layer in OlderOf(i)[..layers[i]])
            {
                cases.Layers.Add(ref record.Older, layer.Stamp, layer.Keys);
            }

            cases.Write(numbers[i], in record);
            ledger.Move(record.Id, in nothing, facts.Read(in record));
        }

        count = 0;
    }
}
