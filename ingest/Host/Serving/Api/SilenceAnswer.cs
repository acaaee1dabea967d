using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>A silence in force.</summary>
/// <param name="Kind">The kind of the rules it is about; null for any. So the others.</param>
/// <param name="Unit">A unit with everything below it, or a source.</param>
/// <param name="Matches">Alerts that it keeps quiet at present.</param>
internal sealed record SilenceAnswer(
    string Id, string? Kind, string? Unit, string? Figure, string? Cause, string Reason, string By, string From, string Until, int Matches)
{
    public static SilenceAnswer Of(Silence silence, IEnumerable<Alert> alerts) => new(
        silence.Id, silence.Kind is { } kind ? AlertRule.TextOf(kind) : null, silence.Unit, silence.Figure, silence.Cause, silence.Reason, silence.By,
        InstantText.ToLocalSeconds(silence.From), InstantText.ToLocalSeconds(silence.Until),
        alerts.Count(alert => alert.SilencedBy == silence.Id && alert.State != AlertState.Resolved));
}

/// <summary>What is asked of a new silence.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Until">When it ends, like 2026-12-01T08:00:00+07:00.</param>
/// <param name="By">Who asks, where nobody signs in.</param>
internal sealed record SilenceRequest(string? Kind, string? Unit, string? Figure, string? Cause, string? Reason, string? Until, string? By)
{
    /// <summary>The silence asked for; or what is wrong, a sentence.</summary>
    /// <param name="by">Its author.</param>
    /// <param name="knowsUnit">Whether there is such a unit or source.</param>
    public (Silence? Silence, string Mistake) Read(string by, long now, Rulebook rulebook, Func<string, bool> knowsUnit)
    {
        var kinds = Enum.GetValues<AlertKind>().ToDictionary(AlertRule.TextOf);
        var figures = rulebook.Figures.Select(static figure => figure.Id).ToList();
        if (Kind is not null && !kinds.ContainsKey(Kind))
        {
            return (null, $"There is no kind of rule '{Kind}': {Suggestion.Sentence(Kind, kinds.Keys)}.");
        }

        if (Figure is not null && !figures.Contains(Figure))
        {
            return (null, $"There is no figure '{Figure}': {Suggestion.Sentence(Figure, figures)}.");
        }

        if (Unit is not null && !knowsUnit(Unit))
        {
            return (null, $"There is no unit '{Unit}' in the directory, and no alert of it; GET /api/v1/units?q=NAME finds codes.");
        }

        if (Until is null || !InstantText.TryParse(Encoding.UTF8.GetBytes(Until), out var until))
        {
            return (null, "Say when the silence ends in 'until', like 2026-12-01T08:00:00+07:00, with seconds and an offset.");
        }

        var silence = new Silence
        {
            Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
            Kind = Kind is null ? null : kinds[Kind],
            Unit = Unit,
            Figure = Figure,
            Cause = Cause,
            Reason = Reason?.Trim() ?? "",
            By = by,
            From = now,
            Until = until,
        };
        return silence.Mistake() is { } mistake ? (null, mistake) : (silence, "");
    }
}
