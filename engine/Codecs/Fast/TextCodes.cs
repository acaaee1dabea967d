using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>The codes of a JSON record: remembered as their bytes, and found by looking for the quote behind them.</summary>
internal sealed class TextCodes(CodeBook codes) : RecordCodes(codes)
{
    /// <summary>Reads a source; only one that is trusted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSource(ref byte here, out int id) => ReadKnown(ref here, Sources, out id);

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

    protected override void Remember(CodeMemory memory, ReadOnlySpan<byte> code, int id) => memory.Remember(code, id);

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

        Note(key, record.PlaceOf(ref here) + 1, length);
        return length + 2;
    }
}
