namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>The fixed numbers of the recording format; README.md beside this file defines them.</summary>
internal static class RecordingFormat
{
    /// <summary>The format this program writes, and the newest it reads. Format 1 knew the keys up to <c>parent</c> and is read as it is.</summary>
    public const ushort Version = 2;

    /// <summary>The version of the events inside: the <c>v</c> of an event.</summary>
    public const ushort EventVersion = 1;

    /// <summary>One copy of the file header.</summary>
    public const int HeaderBytes = 64;

    /// <summary>Where blocks begin: after two copies of the file header.</summary>
    public const int FirstBlock = 2 * HeaderBytes;

    public const int IdBytes = 16;

    public const int BlockHeaderBytes = 88;

    /// <summary>The longest payload of a block. What claims more is no block, so a lying length costs nothing.</summary>
    public const int MaxPayloadBytes = 1 << 20;

    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'K', (byte)'P', (byte)'I', (byte)'R', (byte)'E', (byte)'C', (byte)'\n'];

    /// <summary>The checksum of headers and payloads.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes) => Crc32C.Of(bytes);
}
