using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream snapshot inspect|verify</c>: what checkpoints say of themselves, and whether every byte of them is good.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Inspect or verify checkpoints: a file, or all of a --state folder.")
    {
        Create("inspect", "Print what checkpoints hold: sources and positions, counts, cases, and the program, rulebook and units they were made with.",
            (path, json, _) => SnapshotLook.InspectAsync(path, json)),
        Create("verify", "Read checkpoints whole and say whether they are good; exit 5 when one is not.", SnapshotLook.VerifyAsync),
    };

    private static Command Create(string name, string description, Func<string, bool, CancellationToken, Task<int>> run)
    {
        var path = new Argument<string>("PATH") { Description = "A checkpoint, or the folder of a --state." };
        path.Validators.Add(UnknownName.RefuseOptions);
        var json = new Option<bool>("--json") { Description = "Print JSON, one line for each checkpoint." };
        var command = new Command(name, description) { path, json };
        command.SetStoppable((parsed, stop) => run(parsed.GetRequiredValue(path), parsed.GetValue(json), stop));
        return command;
    }
}
