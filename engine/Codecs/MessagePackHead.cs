using System.Runtime.CompilerServices;
using MessagePack;
using static MessagePack.MessagePackPrimitives;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// What stands before a MessagePack value's content: its family and how far it reaches. Read through the package's primitives, which never throw.
/// </summary>
/// <param name="Kind">The family.</param>
/// <param name="Bytes">The length of the head; numbers and fractions are all head.</param>
/// <param name="Content">The bytes of content behind it, as claimed: nothing says that they are there.</param>
/// <param name="Number">See <see cref="MessagePackKind"/>.</param>
internal readonly record struct MessagePackHead(MessagePackKind Kind, int Bytes, uint Content = 0, long Number = 0)
{
    /// <summary>Reads a head; <see cref="DecodeResult.TokenMismatch"/> for the one byte that MessagePack never uses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryRead(ReadOnlySpan<byte> bytes, out MessagePackHead head)
    {
        head = default;
        return bytes.IsEmpty ? DecodeResult.EmptyBuffer : MessagePackCode.ToMessagePackType(bytes[0]) switch
        {
            MessagePackType.Integer => TryReadInteger(bytes, out head),
            MessagePackType.String => Sized(MessagePackKind.Text, TryReadStringHeader(bytes, out var length, out var size), size, length, out head),
            MessagePackType.Array => Counted(MessagePackKind.Array, TryReadArrayHeader(bytes, out var count, out var size), size, count, out head),
            MessagePackType.Map => Counted(MessagePackKind.Map, TryReadMapHeader(bytes, out var count, out var size), size, count, out head),
            MessagePackType.Nil => Counted(MessagePackKind.Nil, DecodeResult.Success, 1, 0, out head),
            MessagePackType.Boolean => TryReadFlag(bytes, out head),
            MessagePackType.Float => Counted(MessagePackKind.Float, TryReadDouble(bytes, out _, out var size), size, 0, out head),
            MessagePackType.Binary => Sized(MessagePackKind.Binary, TryReadBinHeader(bytes, out var length, out var size), size, length, out head),
            MessagePackType.Extension => TryReadExtension(bytes, out head),
            _ => DecodeResult.TokenMismatch,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecodeResult Counted(MessagePackKind kind, DecodeResult result, int size, long number, out MessagePackHead head)
    {
        head = new MessagePackHead(kind, size, 0, number);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecodeResult Sized(MessagePackKind kind, DecodeResult result, int size, uint length, out MessagePackHead head)
    {
        head = new MessagePackHead(kind, size, length);
        return result;
    }

    private static DecodeResult TryReadInteger(ReadOnlySpan<byte> bytes, out MessagePackHead head)
    {
        // The package's reader of signed integers throws for those beyond its range, so the one form that has them is read unsigned.
        if (bytes[0] != MessagePackCode.UInt64)
        {
            return Counted(MessagePackKind.Integer, TryReadInt64(bytes, out var value, out var size), size, value, out head);
        }

        var result = TryReadUInt64(bytes, out var wide, out var wideSize);
        var isHuge = wide > long.MaxValue;
        return Counted(isHuge ? MessagePackKind.HugeInteger : MessagePackKind.Integer, result, wideSize, isHuge ? 0 : (long)wide, out head);
    }

    private static DecodeResult TryReadFlag(ReadOnlySpan<byte> bytes, out MessagePackHead head)
    {
        var result = TryReadBool(bytes, out var value, out var size);
        return Counted(value ? MessagePackKind.True : MessagePackKind.False, result, size, 0, out head);
    }

    private static DecodeResult TryReadExtension(ReadOnlySpan<byte> bytes, out MessagePackHead head)
    {
        var result = TryReadExtensionHeader(bytes, out var extension, out var size);
        head = new MessagePackHead(MessagePackKind.Extension, size, extension.Length, extension.TypeCode);
        return result;
    }
}
