using System.CommandLine;
using KpiStream.Ingest.Host.Checkpoints;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream snapshot inspect|verify</c>: what checkpoints say of themselves, and whether every byte of them is good.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Look at checkpoints: a file, or all of a --state folder.")
    {
        Create("inspect", "Print what checkpoints hold: sources and places, counts, cases, under what they were made.", SnapshotLook.InspectAsync),
        Create("verify", "Read checkpoints whole and say whether they are good; exit 5 when one is not.", SnapshotLook.VerifyAsync),
    };

    private static Command Create(string name, string description, Func<string, bool, Task<int>> run)
    {
        var path = new Argument<string>("PATH") { Description = "A checkpoint, or the folder of a --state." };
        var json = new Option<bool>("--json") { Description = "Print JSON, one line for each checkpoint." };
        var command = new Command(name, description) { path, json };
        command.SetAction((parsed, _) => run(parsed.GetRequiredValue(path), parsed.GetValue(json)));
        return command;
    }
}
