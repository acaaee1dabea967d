using System.IO.Compression;
using System.Text.Json;

namespace KpiStream.Tests.Support;

/// <summary>The golden streams and the figures computed for them by an independent program.</summary>
public static class GoldenFiles
{
    /// <summary>A stream's records: lines that are not blank.</summary>
    public static IReadOnlyList<byte[]> Lines(string stream) => [.. Split(File.ReadAllBytes(PathOf(stream + ".ndjson")))];

    public static string Expected(string stream, string options) => File.ReadAllText(PathOf($"{stream}.{options}.csv"), Encoding.UTF8);

    public static JsonDocument Summary(string stream) => JsonDocument.Parse(File.ReadAllBytes(PathOf(stream + ".summary.json")));

    /// <summary>Where a file is; the largest are kept packed, and unpacked beside at their first use.</summary>
    public static string PathOf(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", file);
        if (!File.Exists(path) && File.Exists(path + ".gz"))
        {
            // Several tests may do so at once: whole under its name, or not there.
            var unfinished = $"{path}.{Guid.NewGuid():N}";
            using (var packed = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress))
            using (var unpacked = File.Create(unfinished))
            {
                packed.CopyTo(unpacked);
            }

            File.Move(unfinished, path, overwrite: true);
        }

        return path;
    }

    /// <summary>The plainest reading of a file: lines end at LF, blank ones are skipped, a mark is skipped at the start.</summary>
    public static IEnumerable<byte[]> Split(byte[] file)
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        var start = file.AsSpan().StartsWith(mark) ? mark.Length : 0;
        while (start < file.Length)
        {
            var length = file.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? file.Length - start : length;
            var line = file.AsSpan(start, length).ToArray();
            start += length + 1;
            if (line.AsSpan().ContainsAnyExcept(" \t\r"u8))
            {
                yield return line;
            }
        }
    }
}
