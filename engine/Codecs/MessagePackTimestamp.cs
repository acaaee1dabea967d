using System.Buffers.Binary;

namespace KpiStream.Engine.Codecs;

/// <summary>The timestamp extension of MessagePack's specification: type −1, in 4, 8 or 12 bytes.</summary>
internal static class MessagePackTimestamp
{
    private const long Type = -1;
    private const uint NanosPerSecond = 1_000_000_000;
    private const uint NanosPerMilli = 1_000_000;
    private const int SecondBits = 34;

    /// <summary>Reads it to the millisecond, the rest truncated; false for other types, lengths and for nanoseconds beyond a second.</summary>
    public static bool TryRead(long type, ReadOnlySpan<byte> content, out long millis)
    {
        var (seconds, nanos) = content.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(content), 0u),
            8 => Split(BinaryPrimitives.ReadUInt64BigEndian(content)),
            12 => (BinaryPrimitives.ReadInt64BigEndian(content[4..]), BinaryPrimitives.ReadUInt32BigEndian(content)),
            _ => (0L, NanosPerSecond),
        };

        // Beyond this the seconds are out of any range, and milliseconds of them would wrap around.
        var isSane = type == Type && nanos < NanosPerSecond && seconds is >= 0 and < 1L << SecondBits;
        millis = isSane ? (seconds * 1000) + (nanos / NanosPerMilli) : 0;
        return isSane;
    }

    private static (long Seconds, uint Nanos) Split(ulong bits) => ((long)(bits & ((1UL << SecondBits) - 1)), (uint)(bits >> SecondBits));
}
