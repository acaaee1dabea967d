namespace KpiStream.Engine.Codecs;

/// <summary>What kind of MessagePack value a token is, after the families of the format's specification.</summary>
public enum MessagePackKind : byte
{
    /// <summary>The key is absent.</summary>
    Absent, Nil, False, True,

    /// <summary>An integer of any width that fits 64 bits with a sign; <see cref="MessagePackToken.Number"/> holds it.</summary>
    Integer,

    /// <summary>An unsigned integer beyond 2^63 − 1: legal, and too large for every known key.</summary>
    HugeInteger,
    Float, Text, Binary,

    /// <summary>An extension; <see cref="MessagePackToken.Number"/> holds its type.</summary>
    Extension,

    /// <summary>An array; <see cref="MessagePackToken.Number"/> holds how many values follow.</summary>
    Array,

    /// <summary>A map; <see cref="MessagePackToken.Number"/> holds how many pairs follow.</summary>
    Map,
}

/// <summary>The head of one MessagePack value and where its bytes stand.</summary>
/// <param name="Kind">Its family.</param>
/// <param name="Start">The first byte of the content of texts, binaries and extensions.</param>
/// <param name="Length">The content's length in bytes; 0 for other kinds.</param>
/// <param name="Number">See <see cref="MessagePackKind"/>; otherwise 0.</param>
public readonly record struct MessagePackToken(MessagePackKind Kind, int Start, int Length, long Number);
