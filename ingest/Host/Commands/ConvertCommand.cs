using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream convert</c>: recordings into lines of JSON, and files of events into recordings.</summary>
internal sealed class ConvertCommand
{
    private readonly Argument<string> from =
        new("FROM") { Description = "A recording, or a file of JSON lines or MessagePack (also gzip; '-' for standard input)." };
    private readonly Argument<string> to = new("TO")
    {
        Description = "The file to write. A recording becomes JSON lines (.gz is compressed, '-' is standard "
        + "output); anything else becomes a recording."
    };
    private readonly Option<string> units =
        new("--units") { Description = "Unit directory whose aliases profiles use: hungyen, sonla, vn, or a CSV file.", DefaultValueFactory = _ => "hungyen" };
    private readonly PseudonymOptions pseudonyms = new("File with the pseudonym key, where a recording is written. Left out, the key in "
        + $"{PseudonymKeyChoice.Variable}, or the file TO.key, which is made when it is missing.");
    private readonly ProfileOption profile = new();

    public static Command Create() => new ConvertCommand().CreateCommand();

    private Command CreateCommand()
    {
        var command = new Command(
            "convert", "Turn a recording into JSON lines, or a file of events into a recording.") { from, to, pseudonyms.KeyFile, pseudonyms.Applied, units };
        pseudonyms.AddTo(command);
        foreach (var option in profile.All)
        {
            command.Options.Add(option);
        }

        foreach (var name in (Argument<string>[])[from, to])
        {
            name.Validators.Add(UnknownName.RefuseOptions);
        }

        DeclaredFiles.AddTo(command, Declare);
        command.SetStoppable(RunAsync);
        return command;
    }

    private void Declare(CommandResult result, DeclaredFiles files)
    {
        var (source, target) = (result.GetValue(from), result.GetValue(to));
        files.Read("FROM", source);
        files.ReadUnits(result.GetValue(units));
        profile.Declare(result, files);

        // What TO is to hold depends on FROM; one that is missing, which is said when the command runs, is taken for what its name says.
        if (source is not null && (RecordingInput.IsRecording(source) || (!File.Exists(source) && source.EndsWith(".rec"))))
        {
            files.Write("TO", target, OutputForms.Events);
        }
        else
        {
            pseudonyms.Declare(result, files, target);
            files.Write("TO", target, OutputForms.Recording);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var (source, target) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
        var isRecording = RecordingInput.IsRecording(source);
        if (FindObstacle(source, target, isRecording) is { } obstacle)
        {
            Terminal.Say(obstacle);
            return ExitCode.Usage;
        }

        if (isRecording)
        {
            return await new ConvertRun(source, target).ToJsonAsync(stop);
        }

        var problems = new List<ConfigProblem>();
        var directory = UnitFile.Load(parsed.GetRequiredValue(units), problems);
        var profiles = profile.Load(parsed, [source], problems);
        var fresh = new FreshFiles();
        try
        {
            var key = problems.Count == 0 ? pseudonyms.ForKeeping(parsed, target, problems, fresh) : null;
            Terminal.Say(problems);
            return directory is null || profiles is null || key is null
                ? ExitCode.Configuration
                : await new ConvertRun(source, target).ToRecordingAsync(key, profiles.Of(topic: null, new UnitAliases(directory)), fresh, stop);
        }
        finally
        {
            fresh.TakeBack();
        }
    }

    private static string? FindObstacle(string source, string target, bool isRecording)
    {
        if (source != StandardStreams.Dash && !File.Exists(source))
        {
            return $"{source} does not exist: check the path.";
        }

        if (isRecording)
        {
            return null;
        }

        return new FileInfo(target) is { Exists: true, Length: > 0 } ? $"{target} exists already: choose another file, or remove it first." : null;
    }
}
