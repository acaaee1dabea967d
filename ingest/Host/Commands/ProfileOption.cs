using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>--profile PROFILE</c> for all records, or <c>--profile SOURCE=PROFILE</c> for those whose key <c>source</c> says that name.</summary>
internal sealed class ProfileOption
{
    public ProfileOption()
    {
        Option.Validators.Add(Check);
        at.Validators.Add(CheckAt);
    }

    public Option<string[]> Option { get; } = new("--profile")
    {
        Description = $"Read payloads by a source profile ({string.Join(", ", Shipped.ProfileNames)}, or a YAML file); SOURCE=PROFILE for one source's only.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> atFrom = new("--at-from")
    {
        Description = "The payload's key that says when it was recorded (at), where a profile takes "
        + "the record's timestamp and a file has none."
    };

    private readonly Option<string?> at = new("--at")
    {
        Description = "When all payloads without a timestamp were recorded (at), like "
        + "2026-11-26T08:00:00+07:00: for a dump of one payload per case."
    };

    /// <summary>All options, for commands that read files too.</summary>
    public IEnumerable<Option> All => [Option, atFrom, at];

    /// <summary>Loads what the options name, for sources that are given on the command line; null when <paramref name="problems"/> got any.</summary>
    public ProfileSet? Load(ParseResult parsed, IReadOnlyList<string> sources, ICollection<ConfigProblem> problems)
    {
        var set = Load(parsed, problems)?.WithAt(parsed.GetValue(atFrom), InstantOf(parsed.GetValue(at)));
        if (set is null || set.NeedArrivals is not [var profile, ..] || FileSources.Expand(sources).FirstOrDefault(HasNoTimestamps) is not { } file)
        {
            return set;
        }

        problems.Add(new ConfigProblem(file, 0, "",
            $"the profile {profile} takes the time of an event (at) from its record's timestamp, and a file has none: name a key of the payload that says it, "
            + "with --at-from KEY, or the time of the dump with --at 2026-11-26T08:00:00+07:00, or read the topic (kafka:TOPIC, or a recording of it)"));
        return null;
    }

    /// <summary>Loads what the option names; null when <paramref name="problems"/> got any.</summary>
    public ProfileSet? Load(ParseResult parsed, ICollection<ConfigProblem> problems) =>
        ProfileSet.Load([.. (parsed.GetValue(Option) ?? []).Select(Read)], problems);

    /// <summary>Declares the files among the profiles.</summary>
    public void Declare(CommandResult result, DeclaredFiles files)
    {
        foreach (var choice in (result.GetValue(Option) ?? []).Select(Read).Where(choice => !Shipped.ProfileNames.Contains(choice.Profile)))
        {
            files.Read("--profile", choice.Profile);
        }
    }

    private static bool HasNoTimestamps(string source) => !SourceOpening.IsKafka(source) && !RecordingInput.IsRecording(source);

    private static long? InstantOf(string? text) => text is not null && InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var millis) ? millis : null;

    private static void CheckAt(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (InstantOf(text) is null)
        {
            result.AddError($"--at: '{text}' is no instant. Write it like 2026-11-26T08:00:00+07:00, with seconds and an offset.");
        }
    }

    private static ProfileChoice Read(string text) =>
        text.IndexOf('=') is >= 0 and var equals ? new ProfileChoice(null, text[..equals], text[(equals + 1)..])
            : new ProfileChoice(null, null, text);

    private static void Check(OptionResult result)
    {
        var choices = result.Tokens.Select(token => Read(token.Value)).ToList();
        if (choices.Exists(choice => choice.Source is "" || choice.Profile.Length == 0))
        {
            result.AddError("--profile must be a profile, or SOURCE=PROFILE.");
        }

        if (choices.GroupBy(choice => choice.Source).Any(group => group.Count() > 1))
        {
            result.AddError("--profile gives two profiles to the same records: keep one.");
        }
    }
}
