using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>
/// <c>kpistream case</c>: finds a case by its code, for those who hold the key. The code is turned into its pseudonym here and goes nowhere
/// else, neither to a server nor into a message.
/// </summary>
internal sealed class CaseCommand
{
    private const int MaxCodeBytes = 64;

    private readonly Argument<string> code =
        new("CODE") { Description = "The case code, or '-' to read it from standard input, which keeps it out of the process list." };
    private readonly Argument<string[]> sources = new("SOURCE") { Description = "As for replay; none with --url.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> url =
        new("--url") { Description = "Address of a running serve to ask, like http://localhost:8080. Only the pseudonym is sent." };
    private readonly Option<string?> apiKey =
        new("--api-key") { Description = "With --url: file with an API key of the role read, where the server asks for one." };
    private readonly Option<string> units =
        new("--units") { Description = "Unit directory: hungyen, sonla, vn, or a CSV file.", DefaultValueFactory = _ => "hungyen" };
    private readonly Option<string?> rulebook = new("--rulebook") { Description = "Rulebook in YAML. Left out, the one that comes with the program." };
    private readonly CatalogueOption procedures = new();
    private readonly Option<string?> key = new("--pseudonym-key")
    {
        Description = "File with the pseudonym key. Left out, the key in "
        + $"{PseudonymKeyChoice.Variable}. With --url it must be the server's."
    };
    private readonly Option<bool> applied =
        new("--pseudonymised") { Description = "In JSON and MessagePack, case and parent already are pseudonyms, as convert writes them; needs their key." };
    private readonly ProfileOption profile = new();
    private readonly Option<string?> asOf = new("--as-of") { Description = "The instant to count as now, like 2025-07-15T12:00:00+07:00." };
    private readonly Option<bool> json = new("--json") { Description = "Print the sheet as JSON." };
    private readonly Option<Duration> giveUpAfter = DurationOption.Patience("How long to wait for a broker or server that does not answer, like 30s.");
    private readonly KafkaCommandOptions kafka = new();

    public static Command Create() => new CaseCommand().CreateCommand();

    private Command CreateCommand()
    {
        kafka.AddValidators();
        var command = new Command("case", "Find one case by its code: what is known of it, and where it counts.") { code, sources, url, apiKey, units, rulebook,
            procedures.File, key, applied, asOf, json, giveUpAfter };
        foreach (var option in profile.All.Concat(kafka.All))
        {
            command.Options.Add(option);
        }

        sources.Validators.Add(UnknownName.RefuseOptions);
        command.Validators.Add(Check);
        DeclaredFiles.AddTo(command, Declare);
        command.SetStoppable(RunAsync);
        return command;
    }

    private void Declare(CommandResult result, DeclaredFiles files)
    {
        files.ReadSources("SOURCE", result.GetValue(sources) ?? []);
        files.ReadUnits(result.GetValue(units));
        files.Read("--rulebook", result.GetValue(rulebook));
        procedures.Declare(result, files);
        files.Read("--pseudonym-key", result.GetValue(key));
        files.Read("--api-key", result.GetValue(apiKey));
        profile.Declare(result, files);
    }

    private void Check(CommandResult result)
    {
        if (result.GetValue(code) is { Length: > 1 } word && word.StartsWith('-'))
        {
            result.AddError($"{UnknownName.Sentence(word, result.Command)} A code that begins so is given on standard input, with '-' in its place.");
            return;
        }

        var hasSources = result.GetValue(sources) is { Length: > 0 };
        if (hasSources == (result.GetValue(url) is not null))
        {
            result.AddError("case needs either sources to read or --url to ask.");
        }

        if (result.GetValue(url) is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            result.AddError("--url must be an address like http://localhost:8080.");
        }

        if (result.GetValue(apiKey) is not null && result.GetValue(url) is null)
        {
            result.AddError("--api-key is for a server: give its address with --url.");
        }

        if (result.GetValue(code) == "-" && result.GetValue(sources)?.Contains("-") == true)
        {
            result.AddError("CODE and SOURCE cannot both be '-'.");
        }

        if (result.GetValue(asOf) is { } text && !InstantText.TryParse(Encoding.UTF8.GetBytes(text), out _))
        {
            result.AddError("--as-of: write the instant like 2025-07-15T12:00:00+07:00, with seconds and an offset.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var problems = new List<ConfigProblem>();
        var named = KeyOf(parsed, problems);
        var plan = named is null ? null : Plan(parsed, parsed.GetValue(applied) ? PseudonymKey.Applied : named, problems);
        Terminal.Say(problems);

        if (plan is null)
        {
            return ExitCode.Configuration;
        }

        if (ReadCode(parsed) is not { } bytes)
        {
            Terminal.Say($"a case code has 1 to {MaxCodeBytes} bytes.");
            return ExitCode.Usage;
        }

        var id = named!.Of(bytes);
        var print = new CaseSheetOutput(plan.Json);
        if (parsed.GetValue(url) is { } address)
        {
            return await new ServedCase(new Uri(address), plan.GiveUpAfter) { ApiKeyFile = parsed.GetValue(apiKey) }.PrintAsync(id, print, cancel);
        }

        var opened = SourceOpening.Open(plan, DecodeLimits.Default.MaxRecordBytes);
        return opened is null ? ExitCode.Usage : await new ReadCase(plan, opened).PrintAsync(id, print, cancel);
    }

    /// <summary>The key that makes the code's pseudonym; null when <paramref name="problems"/> got any.</summary>
    private PseudonymKey? KeyOf(ParseResult parsed, List<ConfigProblem> problems)
    {
        if (PseudonymKeyChoice.Named(parsed.GetValue(key), problems, out var named))
        {
            return named;
        }

        // Any key finds a case in sources that carry codes; a server, and sources that were converted, know pseudonyms only.
        var asker = parsed.GetValue(url) is not null ? "--url" : parsed.GetValue(applied) ? "--pseudonymised" : null;
        if (asker is not null)
        {
            problems.Add(new ConfigProblem(
                asker, 0, "", $"needs the key the pseudonyms were made with: name its file with --pseudonym-key, or set {PseudonymKeyChoice.Variable}"));
        }

        return asker is null ? PseudonymKey.Fixed : null;
    }

    private CountPlan? Plan(ParseResult parsed, PseudonymKey decoding, List<ConfigProblem> problems)
    {
        var directory = UnitFile.Load(parsed.GetRequiredValue(units), problems);
        var rules = parsed.GetValue(rulebook) is { } path ? RulebookFile.Load(path, problems) : Shipped.Rulebook();
        var catalogue = procedures.Load(parsed, problems);
        rules = procedures.Complete(rules, catalogue, parsed.GetValue(rulebook), problems);
        var profiles = profile.Load(parsed, parsed.GetValue(sources) ?? [], problems);
        return directory is null || rules is null || profiles is null ? null : new CountPlan
        {
            Sources = parsed.GetValue(sources) ?? [],
            Kafka = kafka.Resolve(parsed),
            GiveUpAfter = parsed.GetValue(giveUpAfter).Time,
            Units = directory,
            Rulebook = rules,
            Catalogue = catalogue!,
            PseudonymKey = decoding,
            Profiles = profiles.Of(topic: null, new UnitAliases(directory)),
            Periods = [],
            AsOf = parsed.GetValue(asOf) is { } text && InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var now) ? now : null,
            RollUp = false,
            Export = null,
            Report = null,
            Json = parsed.GetValue(json),
        };
    }

    /// <summary>The code's bytes; null when there are none or too many.</summary>
    private byte[]? ReadCode(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(code);
        var bytes = Encoding.UTF8.GetBytes(
            text != StandardStreams.Dash ? text : StandardHandles.IsClosed(StandardHandles.Input) ? "" : Console.In.ReadLine()?.Trim() ?? "");
        return bytes.Length is > 0 and <= MaxCodeBytes ? bytes : null;
    }
}
