namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>A mistake in a file the operator wrote, said so that it can be mended without reading the program.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Line">Counted from 1; 0 when the mistake is about the file as a whole.</param>
/// <param name="Key">Where in the file, like <c>figures[2].targets[0].from</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record ConfigProblem(string File, int Line, string Key, string Message)
{
    /// <summary>One line in the form editors and build logs know: <c>file:line: key: message</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        return Key.Length > 0 ? $"{place}: {Key}: {Message}" : $"{place}: {Message}";
    }
}
