using KpiStream.Engine.Cases;
using KpiStream.Engine.Snapshots;
using KpiStream.Engine.Tests.Cases;

namespace KpiStream.Engine.Tests.Snapshots;

/// <summary>A table of random cases, and cases in a form in which any two can be compared.</summary>
internal sealed class SnapshotScene
{
    private const int Codes = 9;

    private readonly Random random;

    public SnapshotScene(int seed)
    {
        random = new Random(seed);
        foreach (var table in (CodeTable[])[Book.Sources, Book.Procedures, Book.Fields, Book.Units])
        {
            for (var code = 1; code <= Codes; code++)
            {
                table.Intern($"c{code}");
            }
        }
    }

    public CodeBook Book { get; } = new();

    public CaseTable Cases { get; } = new();

    /// <summary>Another random content for a case.</summary>
    public void Change(int number)
    {
        Cases.Read(number, out var before);
        Cases.Layers.Remove(ref before.Older, uint.MaxValue);
        var record = RandomRecords.Next(random, before.Id);
        ref var values = ref record.Values;
        (values.Source, values.Procedure, values.Field) = (Known(values.Source), Known(values.Procedure), Known(values.Field));
        (values.Receiving, values.Handling) = (Known(values.Receiving), Known(values.Handling));
        var free = record.Stated;
        for (var layer = random.Next(4); layer > 0 && free != 0; layer--)
        {
            var keys = free & (uint)random.NextInt64();
            free &= ~keys;
            if (keys != 0)
            {
                Cases.Layers.Add(ref record.Older, new Stamp(record.Stamp.At / 2 + layer, random.Next(2) == 0 ? layer : long.MaxValue - layer), keys);
            }
        }

        Cases.Write(number, in record);
    }

    public int Add(int number)
    {
        var added = Cases.GetOrAdd(new CaseId((ulong)number << 32 | 1, 7));
        Change(added);
        return added;
    }

    public CaseId IdOf(int number)
    {
        Cases.Read(number, out var record);
        return record.Id;
    }

    /// <summary>Everything known of a case.</summary>
    public string Describe(int number)
    {
        Cases.Read(number, out var record);
        var layers = new List<StampLayers.Layer>();
        for (var layer = record.Older; layer != 0; layer = Cases.Layers[layer].Next)
        {
            layers.Add(Cases.Layers[layer]);
        }

        return Describe(in record, layers, Book);
    }

    /// <summary>The cases of slices, by their pseudonyms, read into a code book that has other numbers.</summary>
    public Dictionary<CaseId, string> Read(IEnumerable<byte[]> slices)
    {
        var other = new CodeBook();
        var codes = SavedThrough(other);
        var found = new Dictionary<CaseId, string>();
        Span<StampLayers.Layer> older = new StampLayers.Layer[CaseKeys.Count];
        foreach (var slice in slices)
        {
            var from = new SnapshotReader(slice);
            while (!from.IsAtEnd && CaseForm.TryRead(ref from, codes, out var record, older, out var layers))
            {
                found.Add(record.Id, Describe(in record, older[..layers].ToArray(), other));
            }

            if (from.IsBroken)
            {
                throw new InvalidDataException("The slice cannot be read.");
            }
        }

        return found;
    }

    private SavedCodes SavedThrough(CodeBook other)
    {
        foreach (var table in (CodeTable[])[other.Sources, other.Procedures, other.Fields, other.Units])
        {
            table.Intern("before");
        }

        var (written, read) = (new SavedCodes(Book), new SavedCodes(other));
        var room = new byte[64];
        foreach (var (from, to) in written.All.Zip(read.All))
        {
            while (from.Write(room) is > 0 and var length)
            {
                if (!to.TryRead(room.AsSpan(0, length)))
                {
                    throw new InvalidDataException("The codes cannot be read.");
                }
            }
        }

        return read;
    }

    private static string Describe(in CaseRecord record, IReadOnlyList<StampLayers.Layer> layers, CodeBook book)
    {
        var values = record.Values;
        string[] codes =
        [
            book.Sources.Text(values.Source), book.Procedures.Text(values.Procedure), book.Fields.Text(values.Field), book.Units.Text(values.Receiving),
                book.Units.Text(values.Handling),
        ];
        var first = record.First;
        long[] numbers =
        [
            record.Stamp.At, record.Stamp.Seq, record.Stated, (long)values.Packed, values.Filed, values.Accepted, values.Due, values.Ended, values.FeePlusOne,
            first.Accepted, first.ResultReady, first.ResultReturned, first.Refused, first.Withdrawn, first.Stopped,
        ];
        var older = layers.OrderBy(layer => layer.Stamp).Select(layer => $"{layer.Stamp} {layer.Keys:x}");
        return $"{string.Join(' ', numbers)} {string.Join(' ', codes)} {values.Parent} {string.Join(' ', older)}";
    }

    private static int Known(int code) => code % (Codes + 1);
}
