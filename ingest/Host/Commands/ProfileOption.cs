using System.CommandLine;
using System.CommandLine.Parsing;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>--profile PROFILE</c> for all records, or <c>--profile SOURCE=PROFILE</c> for those whose key <c>source</c> says that name.</summary>
internal sealed class ProfileOption
{
    public ProfileOption() => Option.Validators.Add(Check);

    public Option<string[]> Option { get; } = new("--profile")
    {
        Description = $"Read payloads by a source profile ({string.Join(", ", Shipped.ProfileNames)}, or a YAML file); SOURCE=PROFILE for one source's only.",
        Arity = ArgumentArity.OneOrMore,
    };

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

    private static ProfileChoice Read(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? new ProfileChoice(null, text[..equals], text[(equals + 1)..]) : new ProfileChoice(null, null, text);

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
