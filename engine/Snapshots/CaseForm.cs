using System.Runtime.CompilerServices;
using KpiStream.Engine.Cases;

namespace KpiStream.Engine.Snapshots;

/// <summary>
/// One case as bytes: its registers with their stamps and its first times, about 70 bytes, and nothing that follows from them. The form is of its own,
/// so that how cases are held may change and old snapshots stay readable; ingest/Sources/Checkpoints/README.md defines it.
/// </summary>
public static class CaseForm
{
    /// <summary>No case takes more: the pseudonyms, every number at its longest, and a layer for every register.</summary>
    public const int MostBytes = 1024;

    private const ulong TimeEnd = 1UL << 42, FeeEnd = 1UL << 40, WordsEnd = 1UL << WordLayout.Bits, KeysEnd = 1UL << CaseKeys.Count;

    private enum Part
    {
        Seq, Words, Filed, Accepted, Due, Ended, Fee, Source, Procedure, Field, Receiving, Handling, Parent,
        FirstAccepted, ResultReady, ResultReturned, Refused, Withdrawn, Stopped, Layers, Count,
    }

    /// <summary>Writes a case.</summary>
    /// <param name="to">Has room for <see cref="MostBytes"/>.</param>
    /// <param name="layers">Where its older stamps stand.</param>
    public static void Write(ref SnapshotWriter to, in CaseRecord record, StampLayers layers)
    {
        ref readonly var values = ref record.Values;
        ref readonly var first = ref record.First;
        var at = record.Stamp.At;
        var parts = PartsOf(in record);
        to.Write(record.Id);
        to.Write(parts);
        to.Write(record.Stated);
        to.Write((ulong)at);
        WriteNumber(ref to, record.Stamp.Seq);
        WriteNumber(ref to, (long)values.Packed);
        WriteTime(ref to, values.Filed, at);
        WriteTime(ref to, values.Accepted, at);
        WriteTime(ref to, values.Due, at);
        WriteTime(ref to, values.Ended, at);
        WriteNumber(ref to, values.FeePlusOne);
        WriteNumber(ref to, values.Source);
        WriteNumber(ref to, values.Procedure);
        WriteNumber(ref to, values.Field);
        WriteNumber(ref to, values.Receiving);
        WriteNumber(ref to, values.Handling);
        if (values.Parent != default)
        {
            to.Write(values.Parent);
        }

        WriteTime(ref to, first.Accepted, at);
        WriteTime(ref to, first.ResultReady, at);
        WriteTime(ref to, first.ResultReturned, at);
        WriteTime(ref to, first.Refused, at);
        WriteTime(ref to, first.Withdrawn, at);
        WriteTime(ref to, first.Stopped, at);
        WriteLayers(ref to, record.Older, at, layers);
    }

    /// <summary>Reads a case; false when the bytes are none.</summary>
    /// <param name="from">At a case.</param>
    /// <param name="codes">What the codes' numbers in it have become.</param>
    /// <param name="record">The case; its older stamps are in <paramref name="older"/>.</param>
    /// <param name="older">Room for a layer for each register.</param>
    /// <param name="layers">How many there are.</param>
    public static bool TryRead(ref SnapshotReader from, SavedCodes codes, out CaseRecord record, scoped Span<StampLayers.Layer> older, out int layers)
    {
        record = new CaseRecord { Id = from.ReadId() };
        var parts = (uint)from.ReadBelow(1UL << (int)Part.Count);
        record.Stated = ReadKeys(ref from);
        var at = (long)from.ReadBelow(TimeEnd);
        record.Stamp = new Stamp(at, (long)Number(ref from, parts, Part.Seq, 1UL << 63));
        ref var values = ref record.Values;
        values.Packed = Number(ref from, parts, Part.Words, WordsEnd);
        values.Filed = Time(ref from, parts, Part.Filed, at);
        values.Accepted = Time(ref from, parts, Part.Accepted, at);
        values.Due = Time(ref from, parts, Part.Due, at);
        values.Ended = Time(ref from, parts, Part.Ended, at);
        values.FeePlusOne = (long)Number(ref from, parts, Part.Fee, FeeEnd);
        values.Source = codes.Sources.Of(Number(ref from, parts, Part.Source, ulong.MaxValue), ref from);
        values.Procedure = codes.Procedures.Of(Number(ref from, parts, Part.Procedure, ulong.MaxValue), ref from);
        values.Field = codes.Fields.Of(Number(ref from, parts, Part.Field, ulong.MaxValue), ref from);
        values.Receiving = codes.Units.Of(Number(ref from, parts, Part.Receiving, ulong.MaxValue), ref from);
        values.Handling = codes.Units.Of(Number(ref from, parts, Part.Handling, ulong.MaxValue), ref from);
        values.Parent = Has(parts, Part.Parent) ? from.ReadId() : default;
        record.First.Accepted = Time(ref from, parts, Part.FirstAccepted, at);
        record.First.ResultReady = Time(ref from, parts, Part.ResultReady, at);
        record.First.ResultReturned = Time(ref from, parts, Part.ResultReturned, at);
        record.First.Refused = Time(ref from, parts, Part.Refused, at);
        record.First.Withdrawn = Time(ref from, parts, Part.Withdrawn, at);
        record.First.Stopped = Time(ref from, parts, Part.Stopped, at);
        layers = Has(parts, Part.Layers) ? ReadLayers(ref from, at, older) : 0;
        return !from.IsBroken;
    }

    private static uint PartsOf(in CaseRecord record)
    {
        ref readonly var values = ref record.Values;
        ref readonly var first = ref record.First;
        return Bit(Part.Seq, record.Stamp.Seq) | Bit(Part.Words, (long)values.Packed) | Bit(Part.Filed, values.Filed) | Bit(Part.Accepted, values.Accepted)
            | Bit(Part.Due, values.Due) | Bit(Part.Ended, values.Ended) | Bit(Part.Fee, values.FeePlusOne) | Bit(Part.Source, values.Source)
            | Bit(Part.Procedure, values.Procedure) | Bit(Part.Field, values.Field) | Bit(Part.Receiving, values.Receiving)
                | Bit(Part.Handling, values.Handling)
            | Bit(Part.Parent, values.Parent == default ? 0 : 1) | Bit(Part.FirstAccepted, first.Accepted) | Bit(Part.ResultReady, first.ResultReady)
            | Bit(Part.ResultReturned, first.ResultReturned) | Bit(Part.Refused, first.Refused) | Bit(Part.Withdrawn, first.Withdrawn)
            | Bit(Part.Stopped, first.Stopped) | Bit(Part.Layers, record.Older);
    }

    private static uint Bit(Part part, long value) => value == 0 ? 0 : 1u << (int)part;

    private static bool Has(uint parts, Part part) => (parts & (1u << (int)part)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteNumber(ref SnapshotWriter to, long number)
    {
        if (number != 0)
        {
            to.Write((ulong)number);
        }
    }

    // Instants of a case lie days apart and take four or five bytes as differences, six as they are.
    private static void WriteTime(ref SnapshotWriter to, long time, long at)
    {
        if (time != 0)
        {
            to.WriteSigned(time - at);
        }
    }

    private static void WriteLayers(ref SnapshotWriter to, int chain, long at, StampLayers layers)
    {
        if (chain == 0)
        {
            return;
        }

        var count = 0UL;
        for (var layer = chain; layer != 0; layer = layers[layer].Next)
        {
            count++;
        }

        to.Write(count);
        for (var layer = chain; layer != 0; layer = layers[layer].Next)
        {
            to.WriteSigned(layers[layer].Stamp.At - at);
            to.Write((ulong)layers[layer].Stamp.Seq);
            to.Write(layers[layer].Keys);
        }
    }

    private static int ReadLayers(ref SnapshotReader from, long at, scoped Span<StampLayers.Layer> older)
    {
        var count = (int)from.ReadBelow((ulong)older.Length + 1);
        for (var i = 0; i < count; i++)
        {
            older[i].Stamp = new Stamp(InRange(from.ReadSigned() + at, ref from), (long)from.ReadBelow(1UL << 63));
            older[i].Keys = ReadKeys(ref from);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadKeys(ref SnapshotReader from)
    {
        var keys = (uint)from.ReadBelow(KeysEnd);
        if ((keys & ~CaseKeys.Registers) != 0)
        {
            from.Break();
        }

        return keys & CaseKeys.Registers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Number(ref SnapshotReader from, uint parts, Part part, ulong bound) => Has(parts, part) ? from.ReadBelow(bound) : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Time(ref SnapshotReader from, uint parts, Part part, long at) => Has(parts, part) ? InRange(from.ReadSigned() + at, ref from) : 0;

    private static long InRange(long time, ref SnapshotReader from)
    {
        if ((ulong)time < TimeEnd)
        {
            return time;
        }

        from.Break();
        return 0;
    }
}
