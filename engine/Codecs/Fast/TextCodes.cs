using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The codes of a record: ids of those met before at once, the others noted and interned when the whole record has been accepted, in the judge's
/// order, so that ids are given out as it gives them. Owned by one decoder.
/// </summary>
internal sealed class TextCodes(CodeBook codes)
{
    // Provinces have a few hundred procedures and units, the country a few thousand of each; sources and fields are fewer.
    private const int ManyBits = 12;
    private const int FewBits = 10;

    private readonly CodeMemory sources = new(FewBits);
    private readonly CodeMemory procedures = new(ManyBits);
    private readonly CodeMemory fields = new(FewBits);
    private readonly CodeMemory units = new(ManyBits);
    private readonly (int Start, int Length)[] noted = new (int Start, int Length)[CaseKeys.Count];
    private uint unknown;

    /// <summary>Forgets what was noted of the record before.</summary>
    public void Clear() => unknown = 0;

    /// <summary>Remembers the source of an event that the judge accepted: which sources may speak, and in which form, is for it to say.</summary>
    public void Trust(int source) => sources.Remember(codes.Sources.Bytes(source), source);

    /// <summary>Reads a source; only one that is trusted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSource(ref byte here, out int id) => ReadKnown(ref here, sources, out id);

    /// <summary>Reads the code of a key, or null.</summary>
    /// <param name="here">The value's first byte.</param>
    /// <param name="key">Procedure, field, receiving or handling.</param>
    /// <param name="record">The record it stands in.</param>
    /// <param name="id">Its id; 0 for null, and for what has been noted.</param>
    /// <param name="isAscii">Becomes false when the code is not ASCII.</param>
    /// <returns>The bytes read; 0 for anything but a legal code without escapes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref byte here, CaseKey key, PaddedRecord record, out int id, ref bool isAscii)
    {
        var read = ReadKnown(ref here, MemoryOf(key), out id);
        return read != 0 ? read : Note(ref here, key, record, ref isAscii);
    }

    /// <summary>Gives the codes noted their ids.</summary>
    public void Intern(PaddedRecord record, ref Registers values)
    {
        if (unknown != 0)
        {
            Intern(record, CaseKey.Procedure, codes.Procedures, ref values.Procedure);
            Intern(record, CaseKey.Field, codes.Fields, ref values.Field);
            Intern(record, CaseKey.Receiving, codes.Units, ref values.Receiving);
            Intern(record, CaseKey.Handling, codes.Units, ref values.Handling);
        }
    }

    private void Intern(PaddedRecord record, CaseKey key, CodeTable table, ref int id)
    {
        if ((unknown & (1u << (int)key)) != 0)
        {
            var code = record.Part(noted[(int)key].Start, noted[(int)key].Length);
            id = table.Intern(code);
            MemoryOf(key).Remember(code, id);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CodeMemory MemoryOf(CaseKey key) => key switch
    {
        CaseKey.Procedure => procedures,
        CaseKey.Field => fields,
        _ => units,
    };

    /// <summary>Reads a code that is remembered; 0 for anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadKnown(ref byte here, CodeMemory memory, out int id)
    {
        var text = Vector256.LoadUnsafe(ref here, 1);
        var length = BitOperations.TrailingZeroCount(FastText.Stops(text) | (1u << CodeMemory.Longest));
        id = memory.Find(text & FastText.FirstBytes(length));
        return id != 0 && here == '"' && Unsafe.Add(ref here, length + 1) == '"' ? memory.Usual.Of(length) + 2 : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Note(ref byte here, CaseKey key, PaddedRecord record, ref bool isAscii)
    {
        if (here != '"')
        {
            return Unsafe.ReadUnaligned<uint>(ref here) == BitConverter.ToUInt32("null"u8) ? 4 : 0;
        }

        var length = FastText.LengthOf(ref Unsafe.Add(ref here, 1), TextSlots.LongestOf(key), ref isAscii);
        if (length < 0)
        {
            return 0;
        }

        unknown |= 1u << (int)key;
        noted[(int)key] = (record.PlaceOf(ref here) + 1, length);
        return length + 2;
    }
}
