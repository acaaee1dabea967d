using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The codes of a record, whatever its form: ids of those met before at once, the others noted and interned when the whole record has been accepted, in the
/// judge's order, so that ids are given out as it gives them. Owned by one decoder.
/// </summary>
internal abstract class RecordCodes(CodeBook codes)
{
    // Provinces have a few hundred procedures and units, the country a few thousand of each; sources and fields are fewer.
    private const int ManyBits = 12;
    private const int FewBits = 10;

    private readonly (int Start, int Length)[] noted = new (int Start, int Length)[CaseKeys.Count];
    private uint unknown;

    protected CodeMemory Sources { get; } = new(FewBits);

    protected CodeMemory Procedures { get; } = new(ManyBits);

    protected CodeMemory Fields { get; } = new(FewBits);

    protected CodeMemory Units { get; } = new(ManyBits);

    /// <summary>Forgets what was noted of the record before.</summary>
    public void Clear() => unknown = 0;

    /// <summary>Remembers the source of an event that the judge accepted: which sources may speak, and in which form, is for it to say.</summary>
    public void Trust(int source) => Remember(Sources, codes.Sources.Bytes(source), source);

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

    /// <summary>Keeps a code as the form writes it, to be found at once the next time.</summary>
    protected abstract void Remember(CodeMemory memory, ReadOnlySpan<byte> code, int id);

    /// <summary>Notes where a code stands that is not remembered.</summary>
    protected void Note(CaseKey key, int start, int length)
    {
        unknown |= 1u << (int)key;
        noted[(int)key] = (start, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected CodeMemory MemoryOf(CaseKey key) => key switch
    {
        CaseKey.Procedure => Procedures,
        CaseKey.Field => Fields,
        _ => Units,
    };

    private void Intern(PaddedRecord record, CaseKey key, CodeTable table, ref int id)
    {
        if ((unknown & (1u << (int)key)) != 0)
        {
            var code = record.Part(noted[(int)key].Start, noted[(int)key].Length);
            id = table.Intern(code);
            Remember(MemoryOf(key), code, id);
        }
    }
}
