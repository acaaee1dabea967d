namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What a search came to: the JSON of <c>load search --report</c>.</summary>
/// <param name="Held">The highest rate held, events a second.</param>
/// <param name="Knee">The highest rate before latencies rise, see <see cref="LoadSearch.Knee"/>.</param>
internal sealed record SearchReport(
    string Name, double Held, double Knee, int Repeats, double Precision, LoadConfiguration Plan, LoadMachine Machine, IReadOnlyList<TriedRate> Tries)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public string Summary()
    {
        var text = new StringBuilder();
        text.AppendLine("   rate/s  reached/s    p99 ms  verdict");
        foreach (var one in Tries)
        {
            var verdict = one.IsVoid ? "void: the sender fell behind" : one.IsHeld ? "held" : "not held";
            text.AppendLine($"{one.Rate,9:N0}  {one.Sustained,9:N0}  {one.P99,8:0.000}  {verdict}");
        }

        text.AppendLine($"held   {Held:N0} events/s, to within {Precision:P0} (most of {Repeats} tries)");
        text.Append($"knee   {Knee:N0} events/s: up to there p99 stays within ten times that of the lowest rate");
        return text.ToString();
    }
}
