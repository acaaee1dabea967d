using System.Text.RegularExpressions;

namespace KpiStream.Ingest.Host.Output;

/// <summary>What may be given where an output is asked for.</summary>
/// <param name="Said">For messages: what may be given.</param>
/// <param name="Content">For messages: what is written.</param>
internal sealed record OutputForms(string Said, string Content)
{
    /// <summary>Text that takes the place of an older file when it is whole (<see cref="OutputFile"/>).</summary>
    public static readonly OutputForms Figures = Text("CSV");

    public static readonly OutputForms Report = Text("JSON");

    public static readonly OutputForms Page = Text("HTML");

    public static readonly OutputForms Histograms = Text("a log of histograms");

    public static readonly OutputForms Junit = Text("XML");

    public static readonly OutputForms Events = Text("events");

    public static readonly OutputForms EventsOrTopic = Events with
    {
        Said = "a file, one in .gz, which is compressed, '-' for standard output, or kafka:TOPIC",
    };

    public static readonly OutputForms Recording = new("a file, like cases.rec", "a recording") { Refused = [.. Binary, ".gz", ".ndjson", ".json", ".csv"] };

    public static readonly OutputForms DeadLetters = new("a file", "JSON lines") { Refused = [.. Binary, ".gz"], MayBeDevice = true };

    /// <summary>Endings of forms in which nothing is written.</summary>
    private static IReadOnlyList<string> Binary => [".xz", ".zst", ".bz2", ".br", ".7z", ".zip", ".parquet", ".avro", ".xls", ".xlsx", ".pdf"];

    public bool IsReplaced { get; private init; }

    public bool MayBeDevice { get; private init; }

    /// <summary>Endings that promise another form than the one that is written.</summary>
    public IReadOnlyList<string> Refused { get; private init; } = Binary;

    private static OutputForms Text(string content) =>
        new("a file, one in .gz, which is compressed, or '-' for standard output", content) { IsReplaced = true, MayBeDevice = true };
}

/// <summary>Tells from its name what a path cannot be.</summary>
internal static partial class PathForms
{
    /// <summary>Why a name cannot be written; null when it can.</summary>
    /// <param name="role">The option.</param>
    public static string? FindMistake(string role, string path, OutputForms forms)
    {
        if (path.Length == 0)
        {
            return $"{role} needs a path: {forms.Said}.";
        }

        if (SchemeOf(path) is { } scheme)
        {
            return $"{role}: {scheme} cannot be written here ('{path}'); give {forms.Said}. A file of that name is written ./{path}.";
        }

        if (path == StandardStreams.Dash && !forms.IsReplaced)
        {
            return $"{role}: {forms.Content} cannot be written to standard output: give {forms.Said}.";
        }

        return forms.Refused.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } refused
            ? $"{role}: '{path}' would hold {forms.Content} and not what {refused} promises: give {forms.Said}."
            : null;
    }

    /// <summary>The part before the colon of what looks like an address, with it, like <c>kafka:</c>; null for a path. One letter is a drive.</summary>
    public static string? SchemeOf(string path) => Scheme().Match(path) is { Success: true } found ? found.Value : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]+:", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Scheme();
}
