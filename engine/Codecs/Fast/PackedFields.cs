using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The values of a MessagePack record that both forms share, and what is kept of the record under way. Every reader says how many bytes it read, 0 for a
/// surprise, and reads at most <see cref="MostBytes"/>. Owned by one decoder.
/// </summary>
internal sealed class PackedFields(CodeBook codes, PseudonymKey? naming)
{
    /// <summary>The most bytes a value takes: a text of <see cref="TextSlots.Room"/> bytes with its head.</summary>
    public const int MostBytes = 2 + TextSlots.Room;

    private const long MaxFee = 1_000_000_000_000;
    private const int PseudonymHead = MessagePackCode.Bin8 | (CaseId.ByteCount << 8);
    private const int PseudonymBytes = 2 + CaseId.ByteCount;

    /// <summary>The record under way.</summary>
    public PaddedRecord Record { get; } = new();

    public PackedCodes Codes { get; } = new(codes);

    /// <summary><c>at</c> of the record under way; 0 until it has been read.</summary>
    public long At;

    /// <summary><c>seq</c> of the record under way.</summary>
    public long Seq;

    /// <summary>Takes a record and gives its first byte.</summary>
    public ref byte Begin(ReadOnlySpan<byte> record)
    {
        Codes.Clear();
        (At, Seq) = (0, 0);
        return ref Record.Take(record);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadFee(ref byte here, out long feePlusOne)
    {
        var read = PackedNumber.Read(ref here, out var fee);
        feePlusOne = fee + (here == MessagePackCode.Nil ? 0 : 1);
        return fee > MaxFee ? 0 : read;
    }

    /// <summary>Reads a pseudonym, or a case code and gives it one; empty ones are for the judge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadCase(ref byte here, out CaseId id)
    {
        if (naming is not null)
        {
            return ReadCode(ref here, naming, out id);
        }

        id = new CaseId(Word(ref here, 2), Word(ref here, 2 + sizeof(ulong)));
        return Unsafe.ReadUnaligned<ushort>(ref here) == PseudonymHead && id != default ? PseudonymBytes : 0;
    }

    /// <summary>Reads the linking case, or nil as the default.</summary>
    public int ReadParent(ref byte here, out CaseId id)
    {
        id = default;
        return here == MessagePackCode.Nil ? 1 : ReadCase(ref here, out id);
    }

    private static int ReadCode(ref byte here, PseudonymKey naming, out CaseId id)
    {
        id = default;
        var (start, length) = PackedText.Place(ref here);
        if (length is 0 or > TextSlots.Room)
        {
            return 0;
        }

        var code = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, start), length);
        return Utf8.IsValid(code) && naming.TryName(code, out id) ? start + length : 0;
    }

    private static ulong Word(ref byte here, int place) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref here, place)));
}
