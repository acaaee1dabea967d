using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>What came of judging an alert's decisions again.</summary>
/// <param name="Decisions">Those that were kept, in the order of time; then those that only judging again makes.</param>
internal sealed record Explanation(IReadOnlyList<ExplainedDecision> Decisions)
{
    /// <summary>Why they could not be judged again, or not all of them; empty where they were.</summary>
    public string Obstacle { get; init; } = "";

    /// <summary>True where nothing can be judged again because it was judged by the server's own clock; what was kept is all there is.</summary>
    public bool IsByClock { get; init; }

    /// <summary>What else a reader must know.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Records of the log that were read again.</summary>
    public long Records { get; init; }

    /// <summary>Ticks judged again.</summary>
    public long Ticks { get; init; }

    /// <summary>True where every decision and its text are those that were kept, byte for byte.</summary>
    public bool IsEqual => Obstacle.Length == 0 && Decisions.All(static decision => decision.IsEqual);

    public int Exit => Decisions.Any(static decision => decision.IsKnown && !decision.IsEqual) ? ExitCode.CheckFailed
        : Obstacle.Length > 0 && !IsByClock ? ExitCode.Unavailable : ExitCode.Ok;
}

/// <summary>One change of state.</summary>
/// <param name="Kept">As the server wrote it; null where only judging again makes it.</param>
/// <param name="Again">As judging again makes it; null where it does not.</param>
/// <param name="Tick">The tick at which it was decided; null where none is kept.</param>
internal sealed record ExplainedDecision(AlertHistoryEntry? Kept, byte[]? KeptLine, AlertHistoryEntry? Again, AlertTick? Tick)
{
    /// <summary>False where it was not judged again.</summary>
    public bool IsKnown { get; init; } = true;

    public AlertHistoryEntry Shown => (Kept ?? Again)!;

    public bool IsEqual => IsKnown && KeptLine is not null && Again is not null && KeptLine.AsSpan().SequenceEqual(AlertHistory.LineOf(Again));

    /// <summary>The decision as kept and as judged again, as far as they differ.</summary>
    public IEnumerable<(string Key, string Kept, string Again)> Differences()
    {
        if (IsEqual || !IsKnown)
        {
            return [];
        }

        var (left, right) = (Parts(KeptLine), Parts(Again is null ? null : AlertHistory.LineOf(Again)));
        return left.Keys.Union(right.Keys).Where(key => left.GetValueOrDefault(key) != right.GetValueOrDefault(key))
            .Select(key => (key, left.GetValueOrDefault(key) ?? "-", right.GetValueOrDefault(key) ?? "-"));
    }

    private static Dictionary<string, string> Parts(byte[]? line)
    {
        if (line is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(line);
        return document.RootElement.EnumerateObject().SelectMany(static one => one.Value.ValueKind == JsonValueKind.Object
            ? one.Value.EnumerateObject().Select(inner => ($"{one.Name}.{inner.Name}", inner.Value.GetRawText()))
            : [(one.Name, one.Value.GetRawText())]).GroupBy(static one => one.Item1).ToDictionary(static one => one.Key, static one => one.Last().Item2);
    }
}
