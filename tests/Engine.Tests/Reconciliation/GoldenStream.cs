using System.Text.Json;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>A golden stream decoded line by line into a recount, and what the files beside it say of it.</summary>
internal sealed class GoldenStream
{
    public GoldenStream(string name)
    {
        var codes = new CodeBook();
        Name = name;
        Recount = new NaiveRecount(codes, Shipped.Rulebook(), Shipped.Units("hungyen"));
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        foreach (var line in GoldenFiles.Lines(name))
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

    public JsonElement Summary => GoldenFiles.Summary(Name).RootElement;

    public string Expected(string options) => GoldenFiles.Expected(Name, options);

    public string Export(string periods, long now, bool rollup)
    {
        using var writer = new StringWriter();
        FigureCsv.Write(writer, Recount.Rows([.. periods.Split(',').Select(period => Period.TryParse(period)!)], now, rollup));
        return writer.ToString();
    }
}
