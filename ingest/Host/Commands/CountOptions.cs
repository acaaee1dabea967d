namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options that <c>replay</c> and <c>recount</c> share, as they stand on the command line.</summary>
internal sealed class CountOptions
{
    public const string DefaultPeriods = "day,month,year";

    public Argument<string[]> Sources { get; } = new("SOURCE")
    {
        Description = "Recordings, the folder of a serve --log, files of one JSON event a line or of MessagePack (also gzip), '-' for standard input, or "
            + "kafka:TOPIC with --bootstrap.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string> Units { get; } = new("--units")
    {
        Description = "Unit directory: hungyen, sonla, vn, or a CSV file.",
        DefaultValueFactory = _ => "hungyen",
    };

    public Option<string?> Rulebook { get; } = new("--rulebook") { Description = "Rulebook in YAML. Left out, the one that comes with the program." };

    public CatalogueOption Procedures { get; } = new();

    public ProfileOption Profile { get; } = new();

    public Option<string> Periods { get; } = new("--periods")
    {
        Description = "Periods, separated by commas: day month quarter year <n>h <n>d since:<date> <date>..<date> now.",
        DefaultValueFactory = _ => DefaultPeriods,
    };

    public Option<string?> AsOf { get; } = new("--as-of") { Description = "The instant to count as now, like 2025-07-15T12:00:00+07:00." };

    public Option<bool> RollUp { get; } = new("--rollup") { Description = "Add provinces and the nation, each counting all below it." };

    public Option<string?> Export { get; } =
        new("--export") { HelpName = "file", Description = "File for the figures as CSV (.gz is compressed), or '-' for standard output." };

    public Option<string?> Report { get; } =
        new("--report") { HelpName = "file", Description = "File for a JSON report of the run, or '-' for standard output." };

    public PseudonymOptions Pseudonyms { get; } = new(
        $"File with the pseudonym key. Left out, the key in {PseudonymKeyChoice.Variable}, or a fixed one; with --state, one made at random and kept there.");

    public Option<bool> Json { get; } = new("--json") { Description = "Print the report as JSON instead of a summary." };

    public Option<Duration> GiveUpAfter { get; } = DurationOption.Patience("How long to wait for a Kafka broker that does not answer, like 30s.");

    public KafkaCommandOptions Kafka { get; } = new();

    /// <summary>Declares what both commands read and write.</summary>
    public void Declare(CommandResult result, DeclaredFiles files)
    {
        var names = result.GetValue(Sources) ?? [];
        files.ReadSources("SOURCE", names);
        files.ReadUnits(result.GetValue(Units));
        files.Read("--rulebook", result.GetValue(Rulebook));
        Procedures.Declare(result, files);
        Profile.Declare(result, files);
        files.Read("--pseudonym-key", result.GetValue(Pseudonyms.KeyFile));
        files.Write("--export", result.GetValue(Export), OutputForms.Figures);
        files.Write("--report", result.GetValue(Report), OutputForms.Report);
    }

    public IEnumerable<Symbol> All =>
        [Sources, Units, Rulebook, Procedures.File, .. Profile.All, Periods, AsOf, RollUp, Export, Report, .. Pseudonyms.All, Json, .. Kafka.All, GiveUpAfter];

    public void AddTo(Command command)
    {
        Sources.Validators.Add(UnknownName.RefuseOptions);
        Periods.Validators.Add(CheckPeriods);
        AsOf.Validators.Add(CheckAsOf);
        Kafka.AddValidators();
        Pseudonyms.AddTo(command);
        command.Validators.Add(CheckOutputs);
        command.Arguments.Add(Sources);
        foreach (var option in All.OfType<Option>())
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Loads what the options name. Null when something is wrong; it has been said on standard error.</summary>
    /// <param name="stateFolder">Where the command keeps a state; null when it keeps nothing.</param>
    /// <param name="fresh">Told of a key that was made for it.</param>
    public CountPlan? Resolve(ParseResult parsed, string? stateFolder = null, FreshFiles? fresh = null)
    {
        var problems = new List<ConfigProblem>();
        var units = UnitFile.Load(parsed.GetRequiredValue(Units), problems);
        var rulebook = parsed.GetValue(Rulebook) is { } path ? RulebookFile.Load(path, problems) : Shipped.Rulebook();
        var catalogue = Procedures.Load(parsed, problems);
        rulebook = Procedures.Complete(rulebook, catalogue, parsed.GetValue(Rulebook), problems);
        var key = stateFolder is null ? Pseudonyms.ForSources(parsed, problems) : Pseudonyms.ForState(parsed, stateFolder, problems, fresh);
        var profiles = Profile.Load(parsed, parsed.GetRequiredValue(Sources), problems);
        Terminal.Say(problems);

        return units is null || rulebook is null || key is null || profiles is null ? null : new CountPlan
        {
            Sources = parsed.GetRequiredValue(Sources),
            Kafka = Kafka.Resolve(parsed),
            GiveUpAfter = parsed.GetValue(GiveUpAfter).Time,
            Units = units,
            Rulebook = rulebook,
            Catalogue = catalogue!,
            PseudonymKey = key,
            Profiles = profiles.Of(topic: null, new UnitAliases(units)),
            Periods = [.. Split(parsed.GetRequiredValue(Periods)).Distinct().Select(name => Period.TryParse(name)!)],
            AsOf = parsed.GetValue(AsOf) is { } asOf && InstantText.TryParse(Encoding.UTF8.GetBytes(asOf), out var now) ? now : null,
            RollUp = parsed.GetValue(RollUp),
            Export = parsed.GetValue(Export),
            Report = parsed.GetValue(Report),
            Json = parsed.GetValue(Json),
        };
    }

    /// <summary>As the API reads a period: a space is no part of one.</summary>
    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private void CheckOutputs(CommandResult result)
    {
        if (result.GetValue(Export) == "-" && result.GetValue(Report) == "-")
        {
            result.AddError("--export and --report cannot both be '-': give one of them a file.");
        }
    }

    private static void CheckPeriods(OptionResult result)
    {
        var names = Split(result.GetValueOrDefault<string>() ?? "");
        if (names.Length == 0)
        {
            result.AddError("--periods needs at least one period, like day or 24h.");
        }

        foreach (var name in names.Where(name => Period.TryParse(name) is null))
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"--periods: '{name}' is no period. Known are day, month, quarter, year, now, <n>h, <n>d (up to {Period.LongestDays} days), since:2025-07-01 "
                    + $"and 2025-07-03..2025-07-20."));
        }
    }

    private static void CheckAsOf(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (!InstantText.TryParse(Encoding.UTF8.GetBytes(text), out _))
        {
            result.AddError($"--as-of: '{text}' is no instant. Write it like 2025-07-15T12:00:00+07:00, with seconds and an offset.");
        }
    }
}
