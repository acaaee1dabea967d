using System.IO.Compression;

namespace KpiStream.Tests.Support.Corpus;

/// <summary>One input of the corpus.</summary>
/// <param name="Verdict">What becomes of it, as reports write it.</param>
/// <param name="Why">What is odd about it.</param>
public sealed record CorpusEntry(byte[] Record, string Verdict, string Why)
{
    public override string ToString() => $"{Why}: {Encoding.UTF8.GetString(Record.AsSpan(0, Math.Min(Record.Length, 400)))} (base64 "
        + $"{Convert.ToBase64String(Record.AsSpan(0, Math.Min(Record.Length, 400)))})";
}

/// <summary>The corpus of malformed and odd inputs, made by <c>make.py</c> beside it; the verdicts are those of a reader in another language.</summary>
public static class CorpusFile
{
    /// <summary>When the records of the corpus arrived, milliseconds since 1970 UTC; <c>at</c> of a national payload, and no native event's future.</summary>
    public const long Arrival = 1_752_634_800_000;

    /// <summary>Reads a form's inputs: <c>json</c>, <c>msgpack</c> or <c>national</c>.</summary>
    public static IEnumerable<CorpusEntry> Read(string form)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(PathOf(form)), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            var columns = line.Split('\t');
            yield return new CorpusEntry(Convert.FromBase64String(columns[0]), columns[1], columns[2]);
        }
    }

    /// <summary>The bytes of a form's inputs as <c>make.py</c> wrote them, unpacked.</summary>
    public static byte[] Text(string path)
    {
        using var text = new MemoryStream();
        using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        packed.CopyTo(text);
        return text.ToArray();
    }

    public static string PathOf(string form) => Path.Combine(AppContext.BaseDirectory, "Corpus", form + ".txt.gz");
}
