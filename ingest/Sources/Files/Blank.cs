namespace KpiStream.Ingest.Sources.Files;

/// <summary>What a line of only white space is: JSON's space, tab and carriage return.</summary>
internal static class Blank
{
    public static bool Is(ReadOnlySpan<byte> line) =>
        line.IsEmpty || (line[0] <= ' ' && line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0);
}
