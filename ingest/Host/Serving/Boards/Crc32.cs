namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>The checksum at the end of a gzip stream (RFC 1952, 8), byte by byte: a board's deltas are small.</summary>
internal struct Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static number => EntryOf((uint)number))];

    // Inverted, so that a new one is 0.
    private uint inverted;

    public readonly uint Value => inverted;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = ~inverted;
        foreach (var one in bytes)
        {
            crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        }

        inverted = ~crc;
    }

    private static uint EntryOf(uint number)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            number = (number & 1) != 0 ? (number >> 1) ^ Polynomial : number >> 1;
        }

        return number;
    }
}
