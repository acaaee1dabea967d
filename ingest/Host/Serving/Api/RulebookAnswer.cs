namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The rulebook for those who ask what a figure means: <c>GET /api/v1/rulebook</c>.</summary>
/// <param name="Hash">SHA-256 of its text.</param>
/// <param name="Rollout">The day from which low volume is counted.</param>
internal sealed record RulebookAnswer(
    string Id, string Version, string Hash, DateOnly Rollout, IReadOnlyList<ProcedureList> Lists, IReadOnlyList<WaiverAnswer> FeeWaivers,
    IReadOnlyList<FigureRuleAnswer> Figures)
{
    /// <summary>The figures that count procedures, which every rulebook has.</summary>
    public required IReadOnlyList<FigureRuleAnswer> ProcedureFigures { get; init; }

    /// <summary>What the procedures are called that lists and waivers name; without those that the catalogue does not list.</summary>
    public required IReadOnlyDictionary<string, string> ProcedureNames { get; init; }

    public static RulebookAnswer Create(Rulebook rulebook, ProcedureCatalogue catalogue) => new(
        rulebook.Id, rulebook.Version, rulebook.Hash, rulebook.RolloutDate, rulebook.Lists,
        [.. rulebook.Waivers.Select(waiver => WaiverAnswer.Create(waiver, rulebook))],
        [.. rulebook.Figures.Select(figure => FigureRuleAnswer.Create(figure, rulebook))])
    {
        ProcedureFigures = [.. Engine.Kpis.ProcedureFigures.All.Select(figure => FigureRuleAnswer.Create(figure, rulebook))],
        ProcedureNames = rulebook.Lists.SelectMany(list => list.Procedures).Concat(rulebook.Waivers.Select(waiver => waiver.Procedure).OfType<string>())
            .Concat(rulebook.CertifiedCopyProcedures)
            .Distinct().Select(code => (Code: code, catalogue.Find(code)?.Name)).Where(one => one.Name is not null)
            .ToDictionary(one => one.Code, one => one.Name!),
    };
}

/// <summary>A fee waiver; either a procedure or a list is named.</summary>
internal sealed record WaiverAnswer(string? Procedure, string? List, DateOnly? From, DateOnly? To, string? Channel, IReadOnlyList<string> Units, string Basis)
{
    public static WaiverAnswer Create(FeeWaiver waiver, Rulebook rulebook) => new(
        waiver.Procedure, waiver.List is { } list ? rulebook.NameOf(list) : null, waiver.From, waiver.To,
        waiver.Channel is { } channel ? rulebook.NameOf(channel) : null, waiver.Units, waiver.Basis);
}

/// <summary>What a figure counts.</summary>
/// <param name="Basis">The documents it rests on, in Vietnamese.</param>
/// <param name="Sentence">What is counted, one Vietnamese sentence.</param>
/// <param name="Of">All of these for the denominator.</param>
/// <param name="Count">All of these for the numerator; null for a volume.</param>
/// <param name="Export">Whether <c>replay --export</c> has rows of it.</param>
internal sealed record FigureRuleAnswer(
    string Kpi, int Version, string NameVi, string NameEn, string Basis, string Sentence, string Kind, string Unit, string Time, string Linked,
    IReadOnlyList<RuleItemAnswer> Of, IReadOnlyList<RuleItemAnswer>? Count, int TooFew, IReadOnlyList<TargetAnswer> Targets,
    IReadOnlyList<UnitTargetAnswer> UnitTargets, bool Export)
{
    public static FigureRuleAnswer Create(FigureDefinition figure, Rulebook rulebook) => new(
        figure.Id, figure.Version, figure.NameVi, figure.NameEn, figure.Basis, figure.Sentence, Word(figure.Kind), Word(figure.Unit), Word(figure.Time),
        Word(figure.Linked),
        ItemsOf(figure.Of, rulebook), figure.Count is { } count ? ItemsOf(count, rulebook)
            : null, figure.TooFew, [.. figure.Targets.Select(TargetAnswer.Create)],
        [.. rulebook.UnitTargets.Rows.Where(row => row.Figure == figure.Id)
            .Select(row => new UnitTargetAnswer(row.Unit, TargetAnswer.Create(row.Target), row.RegisteredOn, row.Basis))], figure.IsExported);

    private static IReadOnlyList<RuleItemAnswer> ItemsOf(IReadOnlyList<RuleItem> items, Rulebook rulebook) =>
        [.. items.Select(item => new RuleItemAnswer(item.Name,
            [.. item.AnyOf.Select(literal => (literal.Negated ? "not " : "") + rulebook.NameOf(literal.Condition))]))];

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>One condition of a figure, met when any of several is.</summary>
internal sealed record RuleItemAnswer(string Name, IReadOnlyList<string> AnyOf);

/// <summary>A dated target: a ratio, or for a volume a count.</summary>
internal sealed record TargetAnswer(double? AtLeast, double? NotBelow, DateOnly? From, DateOnly? To, string? Scope)
{
    public static TargetAnswer Create(Target target) => target.Comparison == TargetComparison.AtLeast
        ? new(target.Value, null, target.From, target.To, target.Scope)
        : new(null, target.Value, target.From, target.To, target.Scope);
}

internal sealed record UnitTargetAnswer(string Unit, TargetAnswer Target, DateOnly? RegisteredOn, string Basis);
