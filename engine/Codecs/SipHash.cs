using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the
/// 128-bit variant of their reference implementation), checked against its published vectors.
/// </summary>
public readonly struct SipHash
{
    public const int KeyBytes = 16;

    private readonly ulong k0;
    private readonly ulong k1;

    /// <param name="key">Sixteen bytes.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"A SipHash key has {KeyBytes} bytes, not {key.Length}.", nameof(key));
        }

        k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The keyed hash of the bytes, ordered as its sixteen output bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // on its own its four words stay in registers
    public CaseId Hash(ReadOnlySpan<byte> bytes)
    {
        var state = new State(k0, k1);
        var rest = bytes;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        state.Absorb(((ulong)bytes.Length << 56) | Last(bytes, rest));
        return state.Finish();
    }

    /// <summary>The bytes that fill no word, least first; where there is a whole word, they are its neighbour's upper bytes.</summary>
    private static ulong Last(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        if (bytes.Length >= 8)
        {
            // Shifted twice, because 64 places at once would be none.
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]) >> (56 - (8 * rest.Length)) >> 8;
        }

        var last = 0ul;
        for (var i = 0; i < rest.Length; i++)
        {
            last |= (ulong)rest[i] << (8 * i);
        }

        return last;
    }

    private struct State(ulong k0, ulong k1)
    {
        private ulong v0 = k0 ^ 0x736f6d6570736575;
        private ulong v1 = k1 ^ 0x646f72616e646f6d ^ 0xee; // 0xee marks the 128-bit variant
        private ulong v2 = k0 ^ 0x6c7967656e657261;
        private ulong v3 = k1 ^ 0x7465646279746573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public CaseId Finish()
        {
            v2 ^= 0xee;
            var first = Squeeze();
            v1 ^= 0xdd;
            var second = Squeeze();
            return new CaseId(BinaryPrimitives.ReverseEndianness(first), BinaryPrimitives.ReverseEndianness(second));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private ulong Squeeze()
        {
            Round();
            Round();
            Round();
            Round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            v0 += v1;
            v2 += v3;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
