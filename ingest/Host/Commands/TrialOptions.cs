namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options of commands that judge a stream of the past: what is read, and how.</summary>
internal sealed class TrialOptions
{
    private readonly CountOptions count = new();
    private readonly Option<string?> calendar =
        new("--calendar") { HelpName = "file", Description = "Working calendar, a CSV file. Left out, the shipped one." };

    private readonly Option<string?> unitCalendars =
        new("--unit-calendars") { HelpName = "file", Description = "What units add to the working calendar, a CSV file. Left out, nothing." };

    private IEnumerable<Option> All =>
    [
        count.Units, count.Rulebook, count.Procedures.File, calendar, unitCalendars, .. count.Profile.All, .. count.Pseudonyms.All, .. count.Kafka.All,
        count.GiveUpAfter,
    ];

    public void AddTo(Command command)
    {
        count.Sources.Validators.Add(UnknownName.RefuseOptions);
        count.Kafka.AddValidators();
        count.Pseudonyms.AddTo(command);
        command.Arguments.Add(count.Sources);
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    public void Declare(CommandResult result, DeclaredFiles files)
    {
        files.ReadSources("SOURCE", SourcesOf(result));
        files.ReadUnits(result.GetValue(count.Units));
        files.Read("--rulebook", result.GetValue(count.Rulebook));
        files.Read("--calendar", result.GetValue(calendar));
        files.Read("--unit-calendars", result.GetValue(unitCalendars));
        count.Procedures.Declare(result, files);
        count.Profile.Declare(result, files);
        files.Read("--pseudonym-key", result.GetValue(count.Pseudonyms.KeyFile));
    }

    public IReadOnlyList<string> SourcesOf(CommandResult result) => result.GetValue(count.Sources) ?? [];

    /// <summary>Loads what the options name; null when <paramref name="problems"/> got any.</summary>
    public CountPlan? Resolve(ParseResult parsed, List<ConfigProblem> problems)
    {
        var units = UnitFile.Load(parsed.GetRequiredValue(count.Units), problems);
        var rulebook = parsed.GetValue(count.Rulebook) is { } path ? RulebookFile.Load(path, problems) : Shipped.Rulebook();
        var catalogue = count.Procedures.Load(parsed, problems);
        rulebook = count.Procedures.Complete(rulebook, catalogue, parsed.GetValue(count.Rulebook), problems);
        var days = parsed.GetValue(calendar) is { } file ? CalendarFile.Load(file, problems) : Shipped.Calendar;
        var ofUnits = days is null || units is null ? null : UnitCalendarFile.Load(parsed.GetValue(unitCalendars), days, units, problems);
        var key = count.Pseudonyms.ForSources(parsed, problems);
        var sources = parsed.GetRequiredValue(count.Sources);
        var profiles = count.Profile.Load(parsed, sources, problems);
        return problems.Count > 0 || units is null || rulebook is null || days is null || key is null || profiles is null ? null : new CountPlan
        {
            Sources = sources,
            Kafka = count.Kafka.Resolve(parsed),
            GiveUpAfter = parsed.GetValue(count.GiveUpAfter).Time,
            Units = units,
            Rulebook = rulebook with { Calendar = days, UnitCalendars = ofUnits },
            Catalogue = catalogue!,
            PseudonymKey = key,
            Profiles = profiles.Of(topic: null, new UnitAliases(units)),
            Periods = [],
            AsOf = null,
            RollUp = false,
            Export = null,
            Report = null,
            Json = false,
        };
    }
}
