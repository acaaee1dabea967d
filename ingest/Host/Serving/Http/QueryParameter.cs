namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>A parameter that an address takes.</summary>
/// <param name="Meaning">What it is, for the API's document.</param>
internal sealed record QueryParameter(string Name, string Meaning)
{
    /// <summary>True for one that may be given several times.</summary>
    public bool Repeats { get; init; }

    /// <summary>True for one without which there is no question.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The words it may be; empty for any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

/// <summary>All parameters of an address, which refuses others: metadata of its endpoint.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All)
{
    private readonly string[] names = [.. All.Select(static parameter => parameter.Name)];

    /// <summary>What is wrong with a question's parameters, a sentence for the asker; null when all are known.</summary>
    public string? MistakeIn(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (All.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                return names.Length == 0 ? $"There is no parameter '{name}' here, nor any other."
                    : $"There is no parameter '{name}': {Suggestion.Sentence(name, names)}.";
            }

            if (values.Count > 1 && !known.Repeats)
            {
                return $"The parameter '{name}' is given {values.Count} times; give it once.";
            }
        }

        return null;
    }
}
