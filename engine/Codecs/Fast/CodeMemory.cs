using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// The codes a decoder met before and their ids, one vector each: a code has one place, and the newest of that place is kept. What it says is what
/// the <see cref="CodeTable"/> would say; what it has forgotten, the table knows. Fixed in size, owned by one decoder.
/// </summary>
/// <param name="bits">There are two to the power of this many places of 64 bytes.</param>
internal sealed class CodeMemory(int bits)
{
    /// <summary>The longest code read by it: 31 bytes and the quote behind it, or the head before it, fill a vector.</summary>
    public const int Longest = 31;

    /// <summary>The length its codes usually have.</summary>
    public UsualLength Usual;

    private readonly Entry[] entries = new Entry[1 << bits];
    private readonly int shift = 64 - bits;

    /// <summary>The id of a code; 0 when it is not remembered.</summary>
    /// <param name="code">The code, zeros behind it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(Vector256<byte> code)
    {
        ref readonly var entry = ref entries[PlaceOf(code)];
        return entry.Code == code ? entry.Id : 0;
    }

    /// <summary>Remembers a code, with its head where it has one, if it is short enough.</summary>
    public void Remember(ReadOnlySpan<byte> code, int id)
    {
        if (code.Length is > 0 and <= Longest + 1)
        {
            Span<byte> padded = stackalloc byte[Vector256<byte>.Count];
            padded.Clear();
            code.CopyTo(padded);
            var vector = Vector256.Create<byte>(padded);
            entries[PlaceOf(vector)] = new Entry { Code = vector, Id = id };
        }
    }

    /// <summary>Where a code stands. Who makes codes meet on purpose makes them only as slow as the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(Vector256<byte> code)
    {
        var folded = (code.GetLower() ^ code.GetUpper()).AsUInt64();
        return (int)(((folded[0] * 0x9E3779B97F4A7C15) + (folded[1] * 0xC2B2AE3D27D4EB4F)) >> shift);
    }

    private struct Entry
    {
        public Vector256<byte> Code;
        public int Id;
    }
}
