namespace KpiStream.Tests.Support;

/// <summary>The golden streams' lines as bytes, line feeds cut off, blank lines left out (see Golden/README.md).</summary>
public static class GoldenLines
{
    public static IReadOnlyList<byte[]> Ordinary { get; } = Read("ordinary");

    public static IReadOnlyList<byte[]> Mixed { get; } = Read("mixed");

    private static List<byte[]> Read(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".ndjson"));
        var lines = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end;
            var line = bytes[start..end];
            if (line.AsSpan().ContainsAnyExcept(" \t\r"u8))
            {
                lines.Add(line);
            }

            start = end + 1;
        }

        return lines;
    }
}
