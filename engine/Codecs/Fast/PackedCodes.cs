using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The codes of a MessagePack record, as <see cref="TextCodes"/> has those of JSON: ids of those met before at once, the others noted and interned when
/// the whole record has been accepted, in the judge's order. A code is remembered with its head, so that its length is compared too. Owned by one decoder.
/// </summary>
internal sealed class PackedCodes(CodeBook codes)
{
    // As in TextCodes.
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

    /// <summary>Remembers the source of an event that the judge accepted: which sources may speak is for it to say.</summary>
    public void Trust(int source) => Remember(sources, codes.Sources.Bytes(source), source);

    /// <summary>Reads a source; only one that is trusted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSource(ref byte here, out int id) => ReadKnown(ref here, sources, out id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadProcedure(ref byte here, PaddedRecord record, out int id) => Read(ref here, CaseKey.Procedure, procedures, record, out id);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadField(ref byte here, PaddedRecord record, out int id) => Read(ref here, CaseKey.Field, fields, record, out id);

    /// <summary>Reads the code of <see cref="CaseKey.Receiving"/> or <see cref="CaseKey.Handling"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadUnit(ref byte here, CaseKey key, PaddedRecord record, out int id) => Read(ref here, key, units, record, out id);

    /// <summary>Gives the codes noted their ids.</summary>
    public void Intern(PaddedRecord record, ref Registers values)
    {
        if (unknown != 0)
        {
            Intern(record, CaseKey.Procedure, codes.Procedures, procedures, ref values.Procedure);
            Intern(record, CaseKey.Field, codes.Fields, fields, ref values.Field);
            Intern(record, CaseKey.Receiving, codes.Units, units, ref values.Receiving);
            Intern(record, CaseKey.Handling, codes.Units, units, ref values.Handling);
        }
    }

    private void Intern(PaddedRecord record, CaseKey key, CodeTable table, CodeMemory memory, ref int id)
    {
        if ((unknown & (1u << (int)key)) != 0)
        {
            var code = record.Part(noted[(int)key].Start, noted[(int)key].Length);
            id = table.Intern(code);
            Remember(memory, code, id);
        }
    }

    private static void Remember(CodeMemory memory, ReadOnlySpan<byte> code, int id)
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

        unknown |= 1u << (int)key;
        noted[(int)key] = (record.PlaceOf(ref here) + start, length);
        return start + length;
    }
}
