using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>Inputs that several commands declare alike.</summary>
internal static class DeclaredInputs
{
    /// <summary>Declares sources: files, standard input, or folders of an embedded log with all their files. Topics are no files.</summary>
    public static void ReadSources(this DeclaredFiles files, string role, IReadOnlyList<string> names)
    {
        foreach (var name in names.Where(name => !SourceOpening.IsKafka(name)))
        {
            if (FileSources.Expand([name]) is var segments && segments is not [var only] || only != name)
            {
                files.Own(role, name);
            }

            foreach (var file in segments)
            {
                files.Read(role, file);
            }
        }
    }

    /// <summary>Declares a unit directory; one that comes with the program is no file.</summary>
    public static void ReadUnits(this DeclaredFiles files, string? units) =>
        files.Read("--units", units is null || Shipped.UnitNames.Contains(units) ? null : units);
}
