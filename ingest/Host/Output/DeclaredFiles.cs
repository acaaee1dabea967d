using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// Every file that a command reads and writes, declared before anything is opened. An output that is the same file as an input or another output is refused,
/// whatever either is called (<see cref="FileIdentity"/>), and so is a name that the command cannot write. Used once, by one thread.
/// </summary>
internal sealed class DeclaredFiles
{
    private readonly List<Declared> files = [];
    private readonly List<Declared> folders = [];
    private readonly List<string> mistakes = [];

    /// <summary>Lets a command refuse its command line when its files conflict.</summary>
    public static void AddTo(Command command, Action<CommandResult, DeclaredFiles> declare) => command.Validators.Add(result =>
    {
        var declared = new DeclaredFiles();
        declare(result, declared);
        foreach (var mistake in declared.FindMistakes())
        {
            result.AddError(mistake);
        }
    });

    /// <summary>Declares an input.</summary>
    /// <param name="role">What names it: an option, an argument or a setting.</param>
    /// <param name="path">Null when it is not given; <c>-</c> is standard input.</param>
    public void Read(string role, string? path)
    {
        if (path is null)
        {
            return;
        }

        if (path != StandardStreams.Dash && !File.Exists(path) && PathForms.SchemeOf(path) is { } scheme)
        {
            mistakes.Add($"{role}: '{path}' is no file, and {scheme} cannot be read here. A file of that name is written ./{path}.");
        }

        files.Add(new Declared(role, path, path == StandardStreams.Dash ? FileIdentity.OfStandard(StandardHandles.Input) : FileIdentity.Of(path),
            IsOutput: false));
    }

    /// <summary>Declares an output.</summary>
    /// <param name="role">As in <see cref="Read"/>.</param>
    /// <param name="path">Null when it is not given; <c>-</c> is standard output.</param>
    /// <param name="forms">What may be given; null for a path that the command makes up itself.</param>
    public void Write(string role, string? path, OutputForms? forms = null)
    {
        if (path is null)
        {
            return;
        }

        if (forms is not null && PathForms.FindMistake(role, path, forms) is { } mistake)
        {
            mistakes.Add(mistake);
            return;
        }

        Add(role, path);
        if (forms is { IsReplaced: true } && path != StandardStreams.Dash && FileIdentity.Of(path).Kind is FileKind.Regular or FileKind.Missing)
        {
            Add($"{role} (while it is being written)", OutputFile.UnfinishedOf(path));
        }
    }

    /// <summary>Declares an output that has an older generation beside it (<see cref="RollingFile"/>).</summary>
    public void Roll(string role, string? path, OutputForms forms)
    {
        Write(role, path, forms);
        if (!string.IsNullOrEmpty(path) && FileIdentity.Of(path).Kind is FileKind.Regular or FileKind.Missing)
        {
            Add($"{role} (its older half)", RollingFile.PreviousOf(FileIdentity.Resolve(path)));
        }
    }

    /// <summary>Declares a folder in which the program names the files: checkpoints, or an embedded log.</summary>
    public void Own(string role, string? folder)
    {
        if (folder is not null)
        {
            folders.Add(new Declared(role, folder, FileIdentity.Of(folder), IsOutput: false));
        }
    }

    /// <summary>Every conflict and every name that cannot be written, one sentence each.</summary>
    public IEnumerable<string> FindMistakes()
    {
        foreach (var mistake in mistakes)
        {
            yield return mistake;
        }

        foreach (var folder in folders.Where(folder => folder.Identity.Kind != FileKind.Folder))
        {
            if (files.Find(file => file.Identity.Key == folder.Identity.Key) is { } file)
            {
                yield return $"{folder.Role} {folder.Path} is the file of {file.Role} {file.Path}, where a folder is needed: give {folder.Role} another path.";
            }
        }

        foreach (var (index, output) in files.Index().Where(file => file.Item.IsOutput && file.Item.Identity.Kind != FileKind.Special))
        {
            if (files.Where((other, place) => other.Identity.Key == output.Identity.Key && (place < index || (place > index && !other.IsOutput)))
                .FirstOrDefault() is { } other)
            {
                yield return $"{output.Role} {output.Path} and {other.Role} {other.Path} are the same file, which would be written over: give "
                    + $"{output.Option} another path.";
            }
            else if (folders.Find(folder => IsOwnName(output.Path) && FileIdentity.FolderOf(output.Path).Key == folder.Identity.Key) is { } folder)
            {
                yield return $"{output.Role} {output.Path} would take a name that {folder.Role} {folder.Path} gives to files of its own: give "
                    + $"{output.Option} another path.";
            }
            else if (IsKept(FileIdentity.Resolve(output.Path)))
            {
                yield return $"{output.Role} {output.Path} is a file of an embedded log or of checkpoints, or a key of serve, which would be lost: give "
                    + $"{output.Option} another path.";
            }
        }
    }

    // Whatever serve it belongs to, running or not: nothing else is named so in such a folder.
    private static bool IsKept(string path) => LogFolder.IsSegment(path) || (File.Exists(path)
        && (Path.GetExtension(path) is ".kpistate" || Path.GetFileName(path) is PseudonymKeyFile.DefaultName or ApiKeyFile.DefaultName
            || (StateNote.IsName(path) && StateFolder.IsHeld(path))));

    private static bool IsOwnName(string path) =>
        Path.GetExtension(path) is ".kpistate" or ".kpirec" or ".key" or ".lock" or ".tmp" || StateNote.IsName(path);

    private void Add(string role, string path) =>
        files.Add(new Declared(role, path, path == StandardStreams.Dash ? FileIdentity.OfStandard(StandardHandles.Output) : FileIdentity.Of(path),
            IsOutput: true));

    private sealed record Declared(string Role, string Path, FileIdentity Identity, bool IsOutput)
    {
        /// <summary>The role without what was added to explain it.</summary>
        public string Option => Role.Split(" (")[0];
    }
}
