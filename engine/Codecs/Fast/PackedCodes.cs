using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>The codes of a MessagePack record. A code is remembered with its head, so that its length is compared too.</summary>
internal sealed class PackedCodes(CodeBook codes) : RecordCodes(codes)
{
    /// <summary>Reads a source; only one that is trusted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSource(ref byte here, out int id) => ReadKnown(ref here, Sources, out id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadProcedure(ref byte here, PaddedRecord record, out int id) => Read(ref here, CaseKey.Procedure, Procedures, record, out id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadField(ref byte here, PaddedRecord record, out int id) => Read(ref here, CaseKey.Field, Fields, record, out id);

    /// <summary>Reads the code of <see cref="CaseKey.Receiving"/> or <see cref="CaseKey.Handling"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadUnit(ref byte here, CaseKey key, PaddedRecord record, out int id) => Read(ref here, key, Units, record, out id);

    protected override void Remember(CodeMemory memory, ReadOnlySpan<byte> code, int id)
    {
        if (code.Length is > 0 and <= PackedText.MostShort)
        {
            Span<byte> headed = stackalloc byte[1 + code.Length];
            headed[0] = (byte)(PackedText.Short | code.Length);
            code.CopyTo(headed[1..]);
            memory.Remember(headed, id);
        }
    }

    /// <summary>Reads a code or null; 0 for anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Read(ref byte here, CaseKey key, CodeMemory memory, PaddedRecord record, out int id)
    {
        var read = ReadKnown(ref here, memory, out id);
        return read != 0 ? read : Note(ref here, key, record);
    }

    /// <summary>Reads a code that is remembered; 0 for anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadKnown(ref byte here, CodeMemory memory, out int id)
    {
        var length = 1 + (here & PackedText.MostShort);
        id = memory.Find(Vector256.LoadUnsafe(ref here) & FastText.FirstBytes(length));
        return id != 0 ? length : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Note(ref byte here, CaseKey key, PaddedRecord record)
    {
        if (here is MessagePackCode.Nil or PackedText.Short)
        {
            return 1;
        }

        var (start, length) = PackedText.Place(ref here);
        if (start == 0 || length > TextSlots.LongestOf(key) || !Utf8.IsValid(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, start), length)))
        {
            return 0;
        }

        Note(key, record.PlaceOf(ref here) + start, length);
        return start + length;
    }
}
