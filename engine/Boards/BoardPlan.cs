using KpiStream.Engine.Alerts;
using KpiStream.Engine.Arrivals;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>What a board shows; fixed while the engine runs.</summary>
public sealed record BoardPlan
{
    public required CompiledRulebook Rules { get; init; }

    public required UnitDirectory Directory { get; init; }

    /// <summary>The unit in the headline; the rows are the units right below it.</summary>
    public required UnitRow Top { get; init; }

    /// <summary>The period of all figures on the board.</summary>
    public required Period Period { get; init; }

    /// <summary>The rule of the low-volume list, listed whether or not it raises alerts.</summary>
    public required LowVolumeRule LowVolume { get; init; }

    /// <summary>The procedures offered.</summary>
    public ProcedureCatalogue Catalogue { get; init; } = ProcedureCatalogue.Empty;

    public required int StaleAfterSeconds { get; init; }

    /// <summary>When events are expected of a source that is not known yet.</summary>
    public OfficeHours Office { get; init; } = OfficeHours.Default;

    /// <summary>The working days of each unit.</summary>
    public UnitCalendars Calendars => Rules.Rulebook.Calendars;

    /// <summary>Which silence says something.</summary>
    public SilencePolicy Silence => new(TimeSpan.FromSeconds(StaleAfterSeconds), Office, Rules.Rulebook.Calendar);

    public required bool Demo { get; init; }

    /// <summary>What tells one build of the page from another: a page that is of another build loads itself again.</summary>
    public string PageVersion { get; init; } = "";

    /// <summary>The periods that the headline figures are shown over side by side, all of them kept: what a page may ask for instead of the board's.</summary>
    public IReadOnlyList<Period> Spans { get; init; } = [];

    /// <summary>The figures shown over <see cref="Spans"/>, as far as the rulebook has them.</summary>
    public static IReadOnlySet<string> SpanFigures { get; } = new HashSet<string> { "fully_online", "filed_online", "arisen", "received", "handled" };

    /// <summary>Today, this month, this year and 30 days, as far as the engine keeps them.</summary>
    public static IReadOnlyList<Period> SpansKept(IReadOnlyList<Period> sliding) =>
        [.. ((string[])["day", "month", "year", "30d"]).Select(static name => Period.TryParse(name)!)
            .Where(period => period.Kind != PeriodKind.Sliding || sliding.Any(kept => kept.Seconds == period.Seconds))];

    /// <summary>
    /// The unit a directory is about: from the top downwards as long as there is just one unit below with units below it.
    /// For a province's directory that is the province, for the nation's the nation.
    /// </summary>
    public static UnitRow TopOf(UnitDirectory directory)
    {
        var top = directory.Rows.FirstOrDefault(row => row.Parent is null && row.ValidTo is null)
            ?? new UnitRow(UnitDirectory.Unstated, "Không rõ", "", null, null, null, null, []);
        while (RowsBelow(directory, top.Code) is [var only] && !directory.IsLeaf(only.Code))
        {
            top = only;
        }

        return top;
    }

    /// <summary>The units right below one, still valid, in the directory's order.</summary>
    public static IReadOnlyList<UnitRow> RowsBelow(UnitDirectory directory, string code) =>
        [.. directory.Rows.Where(row => row.Parent == code && row.ValidTo is null)];
}
