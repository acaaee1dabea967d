using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>Says an explanation, for people or for programs.</summary>
internal static class ExplainOutput
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Json(string id, Explanation found) => JsonSerializer.Serialize(
        new
        {
            Id = id,
            Equal = found.IsEqual,
            Obstacle = found.Obstacle.Length > 0 ? found.Obstacle : null,
            ByClock = found.IsByClock ? true : (bool?)null,
            found.Remarks,
            EventsRead = found.Records,
            TicksJudged = found.Ticks,
            Decisions = found.Decisions.Select(static one => new
            {
                Judged = one.IsKnown,
                Equal = one.IsKnown ? one.IsEqual : (bool?)null,
                one.Kept,
                Again = one.IsEqual ? null : one.Again,
                one.Tick,
                Differs = one.IsEqual ? null : one.Differences().Select(static part => new { part.Key, part.Kept, part.Again }),
            }),
        },
        Format);

    /// <param name="conditionOf">The rule as it was in force at a tick, with its thresholds; null where it was not.</param>
    public static IEnumerable<string> Lines(string id, Explanation found, Func<ExplainedDecision, string?> conditionOf, Func<string, string> unitName)
    {
        var first = found.Decisions[0].Shown;
        var kind = first.Kind is { } known ? AlertRule.TextOf(known) : "?";
        yield return $"alert {id}: rule {first.Rule} ({kind}, {first.Grade?.ToString().ToLowerInvariant()}), "
            + $"figure {(first.Figure is { Length: > 0 } figure ? figure : "-")}, unit {first.Unit} ({unitName(first.Unit ?? "")})";
        string? condition = null;
        foreach (var decision in found.Decisions)
        {
            foreach (var line in Lines(decision))
            {
                yield return line;
            }

            if (conditionOf(decision) is { } now && now != condition)
            {
                yield return $"    rule      {condition = now}";
            }
        }

        foreach (var remark in found.Remarks)
        {
            yield return $"note: {remark}";
        }

        yield return Verdict(found);
    }

    private static IEnumerable<string> Lines(ExplainedDecision decision)
    {
        var entry = decision.Shown;
        yield return $"{InstantText.ToLocalSeconds(entry.At)}  {entry.From} -> {entry.What}  {Word(decision)}";
        yield return $"    text      {entry.Text}";
        if (entry.Evidence is { } evidence)
        {
            yield return $"    evidence  {Evidence(evidence)}";
        }

        if (decision.Tick is { } tick)
        {
            var parts = tick.Read.OrderBy(static part => part.Key).Select(static part => $"{part.Key}:{part.Value}");
            yield return $"    read      up to {string.Join(", ", parts)}"
                + $"{(tick.Past is { } past ? $", days of units as of {InstantText.ToLocalSeconds(past)}" : "")}; {tick.Basis}";
        }

        foreach (var (key, kept, again) in decision.Differences())
        {
            yield return $"    differs   {key}: kept {kept}, judged again {again}";
        }
    }

    private static string Word(ExplainedDecision decision) => !decision.IsKnown ? "as kept"
        : decision.IsEqual ? "equal"
        : decision.Again is null ? "DIFFERS: judged again it is not decided"
        : decision.Kept is null ? "DIFFERS: the server did not decide it"
        : "DIFFERS";

    private static string Evidence(AlertEvidence one)
    {
        string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
        var parts = new List<string>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name} {value}");
            }
        }

        Add("n", one.Count?.ToString());
        Add("of d", one.Of?.ToString());
        Add("u", one.Unobserved?.ToString());
        Add("target", one.Target is { } target ? Number(target) : null);
        Add("expected", one.Expected is { } expected ? Number(expected) : null);
        Add("95 % interval", one.Low is { } low && one.High is { } high ? $"{Number(low)} to {Number(high)}" : null);
        Add("chance in a healthy unit", one.Chance is { } chance ? Number(chance) : null);
        Add("from", one.From is { } from ? InstantText.ToLocalSeconds(from) : null);
        Add("to", one.To is { } to ? InstantText.ToLocalSeconds(to) : null);
        Add("calendar", one.Calendar);
        Add("days only expected:", one.ExpectedDays?.Count.ToString());
        return string.Join(", ", parts);
    }

    private static string Verdict(Explanation found)
    {
        var judged = found.Decisions.Count(static decision => decision.IsKnown);
        return found.IsByClock ? $"not judged again: {found.Obstacle}; what is shown is what the server kept."
            : judged == 0 ? $"not judged again: {found.Obstacle}."
            : found.IsEqual ? $"equal: all {judged} decisions and their texts are those that were kept, byte for byte "
                + $"({found.Records} events, {found.Ticks} ticks)."
            : $"DIFFERS: {found.Decisions.Count(static decision => !decision.IsEqual)} of {judged} decisions are not those that were kept"
                + $"{(found.Obstacle.Length > 0 ? $"; {found.Obstacle}" : "")}.";
    }
}
