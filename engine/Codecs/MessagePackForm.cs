using System.Numerics;
using MessagePack;

namespace KpiStream.Engine.Codecs;

/// <summary>How MessagePack records are told from JSON, and from one another where they are written one behind another.</summary>
public static class MessagePackForm
{
    /// <summary>The longest head of any value: a type byte and eight bytes.</summary>
    public const int LongestHead = 9;

    private const int VersionAndMask = 2;

    /// <summary>True for the first byte of a map or an array; JSON begins with none of them.</summary>
    public static bool Begins(byte first) => BeginsMap(first) || MessagePackCode.ToMessagePackType(first) == MessagePackType.Array;

    /// <summary>True for the first byte of a map.</summary>
    internal static bool BeginsMap(byte first) => MessagePackCode.ToMessagePackType(first) == MessagePackType.Map;

    /// <summary>True when a record that is not malformed begins the bytes, whatever follows it.</summary>
    /// <param name="bytes">The bytes; at most as many as a record may have.</param>
    /// <param name="length">How long the record is.</param>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, out int length)
    {
        Span<MessagePackToken> tokens = stackalloc MessagePackToken[MessagePackScanner.Slots];
        var reader = new MessagePackTokenReader(bytes);
        var isRecord = MessagePackScanner.TryScan(bytes, ref reader, tokens);
        length = isRecord ? reader.Consumed : 0;
        return isRecord;
    }

    /// <summary>
    /// True when a whole value that is malformed looks as if its head were damaged, so that values of their own may be hidden in it or behind it: it is neither
    /// a map nor an array, has a map or an array for a key, or has what begins like a record where its mask announces no value.
    /// </summary>
    public static bool MayHideRecords(ReadOnlySpan<byte> value)
    {
        var reader = new MessagePackTokenReader(value);
        if (!reader.TryRead(out var head) || head.Kind is not (MessagePackKind.Map or MessagePackKind.Array))
        {
            return true;
        }

        if (head.Kind == MessagePackKind.Map)
        {
            return !reader.TrySkipInside(head, DecodeLimits.MaxDepth) && reader.HasMetContainerKey;
        }

        return HasSurplusRecord(value, ref reader, head.Number) || reader.HasMetContainerKey;
    }

    private static bool HasSurplusRecord(ReadOnlySpan<byte> value, ref MessagePackTokenReader reader, long count)
    {
        var announced = 0L;
        for (var index = 0L; index < count && reader.TryRead(out var item); index++)
        {
            var isRecord = item.Kind == MessagePackKind.Map
                || (item is { Kind: MessagePackKind.Array, Number: >= VersionAndMask } && value[reader.Consumed..] is [1, ..]);
            if (index >= announced && isRecord)
            {
                return true;
            }

            if (!reader.TrySkipInside(item, DecodeLimits.MaxDepth - 1))
            {
                return false;
            }

            if (index == 1 && item is { Kind: MessagePackKind.Integer, Number: >= 0 and <= uint.MaxValue })
            {
                announced = BitOperations.PopCount((uint)item.Number) + VersionAndMask;
            }
        }

        return false;
    }
}
