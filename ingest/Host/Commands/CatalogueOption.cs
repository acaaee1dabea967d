namespace KpiStream.Ingest.Host.Commands;

/// <summary>The option that names a procedure catalogue, for lists of eligible procedures and for names.</summary>
internal sealed class CatalogueOption
{
    public Option<string?> File { get; } = new("--procedures")
    {
        HelpName = "file",
        Description = "Procedure catalogue, a CSV file: needed where the rulebook has a list with 'catalogue: eligible'.",
    };

    public void Declare(CommandResult result, DeclaredFiles files) => files.Read("--procedures", result.GetValue(File));

    /// <summary>The catalogue, empty where none is named; null when <paramref name="problems"/> got any.</summary>
    public ProcedureCatalogue? Load(ParseResult parsed, ICollection<ConfigProblem> problems) =>
        parsed.GetValue(File) is { } path ? ProcedureFile.Load(path, problems) : ProcedureCatalogue.Empty;

    /// <summary>
    /// The rulebook with its lists of eligible procedures; null when it or the catalogue could not be read, or it needs one that is not named.
    /// </summary>
    public Rulebook? Complete(Rulebook? rulebook, ProcedureCatalogue? catalogue, string? file, ICollection<ConfigProblem> problems) =>
        rulebook is null || catalogue is null ? null : ProcedureFile.Complete(rulebook, catalogue, file ?? "rulebook.yaml", $"with {File.Name}", problems);
}
