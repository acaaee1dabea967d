using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream record</c>: a Kafka topic into a recording, from where the recording ends.</summary>
internal sealed class RecordCommand
{
    private const string UntilEnd = "end";

    private readonly Option<string> from = new("--from") { Description = "The topic, as kafka:TOPIC.", Required = true };
    private readonly Option<string> output =
        new("--out") { HelpName = "file", Description = "The recording; one that exists is continued where it ends.", Required = true };
    private readonly Option<string?> until = new("--until")
    {
        Description = "When to stop: 'end' for the topic's present end, or an instant like "
        + "2025-07-15T12:00:00+07:00 for what arrived up to it. Left out, it records until it is stopped."
    };
    private readonly Option<string?> deadLetters = new("--dead-letters")
    {
        HelpName = "file",
        Description = "File for notes of rejected records: reason, key name, position, times, length, SHA-256; never their bytes."
    };
    private readonly Option<string> units =
        new("--units") { Description = "Unit directory whose aliases profiles use: hungyen, sonla, vn, or a CSV file.", DefaultValueFactory = _ => "hungyen" };
    private readonly Option<Duration> giveUpAfter =
        DurationOption.Patience("How long to wait for a Kafka broker that does not answer, with --until end, like 30s.");
    private readonly PseudonymOptions pseudonyms =
        new($"File with the pseudonym key. Left out, the key in {PseudonymKeyChoice.Variable}, or the file OUT.key, which is made when it is missing.");
    private readonly ProfileOption profile = new();
    private readonly KafkaCommandOptions kafka = new();

    public static Command Create() => new RecordCommand().CreateCommand();

    private Command CreateCommand()
    {
        kafka.AddValidators();
        from.Validators.Add(result => Require(result, result.GetValueOrDefault<string>() is { } name && SourceOpening.IsKafka(name)
            && SourceOpening.TopicOf(name).Length > 0, "--from must be kafka:TOPIC."));
        until.Validators.Add(result => Require(result, result.GetValueOrDefault<string>() is UntilEnd or null
            || TimeOf(result.GetValueOrDefault<string>()) is not null, "--until must be end, or an instant like 2025-07-15T12:00:00+07:00."));
        var command = new Command("record", "Record a Kafka topic into a file that replay and recount read.") { from, output, until, deadLetters,
            pseudonyms.KeyFile, units, profile.Option, giveUpAfter };
        foreach (var option in kafka.All)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(kafka.Bootstrap) is null)
            {
                result.AddError("record needs --bootstrap host:port.");
            }
        });
        DeclaredFiles.AddTo(command, Declare);
        command.SetStoppable(RunAsync);
        return command;
    }

    private void Declare(CommandResult result, DeclaredFiles files)
    {
        files.ReadUnits(result.GetValue(units));
        profile.Declare(result, files);
        pseudonyms.Declare(result, files, result.GetValue(output));
        files.Write("--out", result.GetValue(output), OutputForms.Recording);
        files.Roll("--dead-letters", result.GetValue(deadLetters), OutputForms.DeadLetters);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        var directory = UnitFile.Load(parsed.GetRequiredValue(units), problems);
        var profiles = profile.Load(parsed, problems);
        var fresh = new FreshFiles();
        var key = problems.Count == 0 ? pseudonyms.ForKeeping(parsed, parsed.GetRequiredValue(output), problems, fresh) : null;
        Terminal.Say(problems);

        if (directory is null || profiles is null || key is null)
        {
            return ExitCode.Configuration;
        }

        var topic = SourceOpening.TopicOf(parsed.GetRequiredValue(from));
        var made = parsed.GetRequiredValue(output);
        var exit = await new RecordRun(
            new RecordPlan
            {
                Topic = topic,
                Kafka = kafka.Resolve(parsed),
                GiveUpAfter = parsed.GetValue(giveUpAfter).Time,
                Output = parsed.GetRequiredValue(output),
                PseudonymKey = key,
                // The option names no topic: there is one.
                Profiles = profiles.Of(topic: null, new UnitAliases(directory)),
                UntilEnd = parsed.GetValue(until) == UntilEnd,
                UntilTime = TimeOf(parsed.GetValue(until)),
                DeadLetters = parsed.GetValue(deadLetters),
            },
            TimeProvider.System).RunAsync(stop);
        if (File.Exists(made))
        {
            fresh.Keep();
        }

        fresh.TakeBack();
        return exit;
    }

    private static long? TimeOf(string? text) => text is not null && InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var millis) ? millis : null;

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds)
        {
            result.AddError(otherwise);
        }
    }
}
