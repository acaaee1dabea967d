using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>What stood between a value and the next one, and which key it led to: comma, white space, the key in its quotes, colon.</summary>
internal struct Guess
{
    /// <summary>The longest piece remembered, one vector; longer white space is read anew every time.</summary>
    public const int Longest = 32;

    /// <summary>Nothing remembered: bytes that stand nowhere in UTF-8, and if they did, no value of <c>v</c> would follow.</summary>
    public static readonly Guess None = new() { bytes = Vector256<byte>.AllBitsSet, mask = Vector256<byte>.AllBitsSet, Next = Slots.Version };

    private Vector256<byte> bytes;
    private Vector256<byte> mask;

    /// <summary>The slot it led to.</summary>
    public int Next { get; private set; }

    /// <summary>Its length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Remembers a piece of at most <see cref="Longest"/> bytes, which holds known names only.</summary>
    public void Remember(ReadOnlySpan<byte> piece, int next)
    {
        Span<byte> padded = stackalloc byte[Longest];
        padded.Clear();
        piece.CopyTo(padded);
        bytes = Vector256.Create<byte>(padded);
        mask = FastText.FirstBytes(piece.Length);
        (Next, Length) = (next, piece.Length);
    }

    /// <summary>True when the piece stands here again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Stands(ref byte here) => ((Vector256.LoadUnsafe(ref here) ^ bytes) & mask) == Vector256<byte>.Zero;
}
