using System.Text.Json;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>A golden stream decoded line by line into a recount, and what the files beside it say of it.</summary>
internal sealed class GoldenStream
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    public GoldenStream(string name)
    {
        var codes = new CodeBook();
        Name = name;
        Recount = new NaiveRecount(codes, Shipped.Rulebook(), Shipped.Units("hungyen"));
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        foreach (var line in Lines(File.ReadAllBytes(PathOf(name + ".ndjson"))))
        {
            Events++;
            var verdict = decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded);
            if (verdict.IsAccepted)
            {
                Recount.Add(in decoded);
            }
            else
            {
                Rejected[verdict.ToString()] = Rejected.GetValueOrDefault(verdict.ToString()) + 1;
            }
        }
    }

    public string Name { get; }

    public NaiveRecount Recount { get; }

    public int Events { get; private set; }

    public SortedDictionary<string, int> Rejected { get; } = [];

    public JsonElement Summary => JsonDocument.Parse(File.ReadAllBytes(PathOf(Name + ".summary.json"))).RootElement;

    public string Expected(string options) => File.ReadAllText(PathOf($"{Name}.{options}.csv"), Encoding.UTF8);

    public string Export(string periods, long now, bool rollup)
    {
        using var writer = new StringWriter();
        FigureCsv.Write(writer, Recount.Rows([.. periods.Split(',').Select(period => Period.TryParse(period)!)], now, rollup));
        return writer.ToString();
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", file);

    /// <summary>Lines end at LF; white lines are skipped; a mark is skipped at the start of the file only.</summary>
    private static IEnumerable<byte[]> Lines(byte[] file)
    {
        var start = file.AsSpan().StartsWith(Mark) ? Mark.Length : 0;
        while (start < file.Length)
        {
            var length = file.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? file.Length - start : length;
            var line = file.AsSpan(start, length);
            start += length + 1;
            if (line.ContainsAnyExcept(" \t\r"u8))
            {
                yield return line.ToArray();
            }
        }
    }
}
