namespace KpiStream.Ingest.Host.Commands;

/// <summary>The options that say how case codes become pseudonyms.</summary>
/// <param name="description">What <c>--pseudonym-key</c> means to the command.</param>
internal sealed class PseudonymOptions(string description)
{
    public Option<string?> KeyFile { get; } = new("--pseudonym-key") { Description = description };

    public Option<bool> Applied { get; } = new("--pseudonymised")
    {
        Description = "In JSON and MessagePack, case and parent already are pseudonyms of 32 hexadecimal digits, as convert writes them.",
    };

    public IEnumerable<Option> All => [KeyFile, Applied];

    /// <summary>Says that the two exclude each other.</summary>
    public void AddTo(Command command) => command.Validators.Add(result =>
    {
        if (result.GetValue(KeyFile) is not null && result.GetValue(Applied))
        {
            result.AddError("--pseudonym-key and --pseudonymised exclude each other: pseudonyms that are already made need no key.");
        }
    });

    /// <summary>Declares the key of a command that keeps what it makes, as <see cref="ForKeeping"/> chooses it.</summary>
    public void Declare(CommandResult result, DeclaredFiles files, string? made)
    {
        var named = result.GetValue(KeyFile);
        files.Read("--pseudonym-key", named);
        files.Write("the key file", named is null && made is not null && !result.GetValue(Applied) ? KeyBeside(made) : null);
    }

    /// <summary>The key for commands that keep nothing; null when <paramref name="problems"/> got any.</summary>
    public PseudonymKey? ForSources(ParseResult parsed, ICollection<ConfigProblem> problems) =>
        parsed.GetValue(Applied) ? PseudonymKey.Applied : PseudonymKeyChoice.ForSources(parsed.GetValue(KeyFile), problems);

    /// <summary>
    /// The key for a command over sources that leaves a state: as <see cref="ForSources"/>, but the default is one made at random and kept beside the state.
    /// </summary>
    /// <param name="folder">The state's folder.</param>
    public PseudonymKey? ForState(ParseResult parsed, string folder, ICollection<ConfigProblem> problems, FreshFiles? fresh = null) =>
        parsed.GetValue(Applied) ? PseudonymKey.Applied
        : PseudonymKeyChoice.Named(parsed.GetValue(KeyFile), problems, out var named) ? named
        : PseudonymKeyFile.LoadOrCreate(Path.Combine(folder, PseudonymKeyFile.DefaultName), problems, fresh);

    /// <summary>
    /// The key for a command that keeps what it makes: the one named by file or environment, else one in a file beside what is made, made at
    /// random with it and readable by its owner alone.
    /// </summary>
    /// <param name="made">What the command makes; its key is <c>MADE.key</c>.</param>
    /// <param name="fresh">Told of a key that was made.</param>
    public PseudonymKey? ForKeeping(ParseResult parsed, string made, ICollection<ConfigProblem> problems, FreshFiles fresh)
    {
        if (parsed.GetValue(Applied))
        {
            return PseudonymKey.Applied;
        }

        if (PseudonymKeyChoice.Named(parsed.GetValue(KeyFile), problems, out var named))
        {
            return named;
        }

        var beside = KeyBeside(made);
        if (new FileInfo(made) is { Exists: true, Length: > 0 } && !File.Exists(beside))
        {
            problems.Add(new ConfigProblem(
                made, 0, "", $"was made with a pseudonym key that is not in {beside}; give it with --pseudonym-key or {PseudonymKeyChoice.Variable}"));
            return null;
        }

        return PseudonymKeyFile.LoadOrCreate(beside, problems, fresh);
    }

    private static string KeyBeside(string made) => made + ".key";
}
