using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream generate</c>: a seeded synthetic stream to a file, standard output or a Kafka topic.</summary>
internal sealed class GenerateCommand
{
    private readonly Option<long> events = NumberOption.Create("--events", "How many events to generate.", 1L, long.MaxValue, 100_000L);
    private readonly Option<ulong> seed = NumberOption.Create("--seed", "The same seed and options give the same bytes everywhere.", 0UL, ulong.MaxValue, 1UL);
    private readonly Option<string> units =
        new("--units") { Description = "Unit directory: hungyen, sonla, vn, or a CSV file.", DefaultValueFactory = _ => "hungyen" };
    private readonly Option<string> start = new("--start") { Description = "The first day of the events.", DefaultValueFactory = _ => "2025-07-01" };
    private readonly Option<long> casesPerDay =
        NumberOption.Create("--cases-per-day", "New cases on a working day; 0 is the real volume of the units.", 0L, 1_000_000_000L, 0L);
    private readonly Option<string> output =
        new("--out") { Description = "A file (.gz is compressed), '-' for standard output, or kafka:TOPIC.", DefaultValueFactory = _ => "-" };
    private readonly Option<string?> rate = new("--rate")
    {
        HelpName = "rate",
        Description = $"Write at {LoadRates.RateForm}, each event at its own moment. Left out, as fast as possible.",
    };

    private readonly Option<int> partitions = NumberOption.Create("--partitions", "Partitions of the topic, where it does not exist yet.", 1, 1_000, 4);
    private readonly KafkaCommandOptions kafka = new();

    private readonly Option<GenerateFormat> format = new("--format")
    {
        Description = "json: one event a line; map, compact: MessagePack values, one after the other.",
        DefaultValueFactory = _ => GenerateFormat.Json,
        CustomParser = WordOption.Parser<GenerateFormat>("--format"),
    };

    private readonly Option<GenerateProfile> profile = new("--profile")
    {
        Description = "ordinary: every event states all facts; mixed: partial updates, nulls, all kinds, unusual JSON; hostile: mixed, with 2 % of records "
            + "that must be rejected.",
        DefaultValueFactory = _ => GenerateProfile.Ordinary,
        CustomParser = WordOption.Parser<GenerateProfile>("--profile"),
    };

    public static Command Create() => new GenerateCommand().CreateCommand();

    private Command CreateCommand()
    {
        kafka.AddValidators();
        start.Validators.Add(result =>
            Require(result, TryDate(result.GetValueOrDefault<string>(), out _), "--start must be a date from 2000-01-02 to 2098-12-31, like 2025-07-01."));
        var command = new Command("generate", "Generate a realistic stream of case events. Prints it, unless --out names a file or topic.") { events, seed,
            units, profile, format, start, casesPerDay, output, partitions, rate };
        rate.Validators.Add(result => Require(result, LoadRates.TryRate(result.GetValueOrDefault<string>() ?? "", out _),
            $"--rate: '{result.GetValueOrDefault<string>()}' is not {LoadRates.RateForm}."));
        command.Validators.Add(CheckFormat);
        foreach (var option in kafka.ForWriting)
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            files.ReadUnits(result.GetValue(units));
            files.Write("--out", result.GetValue(output) is { } target && !SourceOpening.IsKafka(target) ? target : null, OutputForms.EventsOrTopic);
        });
        command.SetStoppable(RunAsync);
        return command;
    }

    /// <summary>In a file, hostile records would stand between MessagePack values as lines, and nobody could tell them apart.</summary>
    private void CheckFormat(CommandResult result)
    {
        if (WordOption.TryGet(result, format) is GenerateFormat.Map or GenerateFormat.Compact && WordOption.TryGet(result, profile) == GenerateProfile.Hostile
            && !SourceOpening.IsKafka(result.GetValue(output) ?? ""))
        {
            result.AddError("--format map and compact cannot carry the hostile profile's records in a file: write them to a topic, or take another profile.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        // The command line library learns of this run when it first waits; a signal that comes before would not be heard.
        await Task.Yield();
        var problems = new List<ConfigProblem>();
        if (UnitFile.Load(parsed.GetRequiredValue(units), problems) is not { } directory)
        {
            Terminal.Say(problems);
            return ExitCode.Configuration;
        }

        TryDate(parsed.GetValue(start), out var firstDay);
        var stream = new GeneratedStream(new GenerateOptions(parsed.GetValue(events), parsed.GetValue(seed), directory)
        {
            Profile = parsed.GetValue(profile),
            Start = firstDay,
            CasesPerDay = parsed.GetValue(casesPerDay),
        });
        var pace = parsed.GetValue(rate) is { } asked && LoadRates.TryRate(asked, out var each) ? RatePace.Fixed(each) : null;
        var records = new GeneratedRecords(stream, parsed.GetValue(format), pace);
        var target = parsed.GetRequiredValue(output);
        if (!SourceOpening.IsKafka(target))
        {
            return FileTarget.Write(records, target, stop);
        }

        var access = kafka.Resolve(parsed);
        if (access.Bootstrap is null || SourceOpening.TopicOf(target).Length == 0)
        {
            Terminal.Say($"--out {target} needs a topic and --bootstrap host:port.");
            return ExitCode.Usage;
        }

        return await TopicTarget.WriteAsync(records, access, SourceOpening.TopicOf(target), parsed.GetValue(partitions), stop);
    }

    /// <summary>Dates whose cases have instants that events may state.</summary>
    private static bool TryDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            && date > new DateOnly(2000, 1, 1) && date.Year < 2099;

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds)
        {
            result.AddError(otherwise);
        }
    }
}
