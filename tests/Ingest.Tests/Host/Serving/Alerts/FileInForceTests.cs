using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>A file that is changed while the server runs, whatever it says: what holds for rules and calendars alike.</summary>
public sealed class FileInForceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.FromHours(7)));
    private readonly StringWriter said = new();
    private readonly List<EditionNote> notes = [];
    private readonly StatedFile file;

    public FileInForceTests()
    {
        WrittenFile.Write(Path, "first");
        file = new StatedFile("first", Path, new OperatorLog(said, time), time) { Noted = notes.Add };
    }

    private string Path => folder.File("stated.txt");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnotherText_IsInForceWithinSeconds_AndNotedWithItsOwner()
    {
        var begun = file.Since;
        WrittenFile.Write(Path, "second");
        file.LookAgain();
        Assert.Equal(("first", 1), (file.Current, file.Number)); // looked at a moment ago

        Look();
        Assert.Equal(("second", 2, "", null), (file.Current, file.Number, file.Refused, file.Mistake));
        Assert.Equal(5_000, file.Since - begun);
        Assert.Contains("first became second, 2 of the file", said.ToString());
        Assert.Contains("written at 2026-09-01", said.ToString());
        var note = Assert.Single(notes);
        Assert.Equal(("stated", false, "second", OperatingSystem.IsLinux()), (note.Id, note.IsRefused, note.Hash, note.By.Length > 0));
    }

    [Theory]
    [InlineData("bad", "cannot be read", false)]
    [InlineData("useless", "is of no use here", true)]
    [InlineData(null, "is not there", false)]
    public void AFileThatCannotBeUsed_LeavesWhatWasBefore_AndIsSaidOnce(string? text, string why, bool isUnusable)
    {
        WrittenFile.Write(Path, text);
        Look();
        Look();
        Assert.Equal(("first", 1, isUnusable), (file.Current, file.Number, file.IsUnusable));
        Assert.Contains(why, file.Refused);
        Assert.Contains(why, file.Mistake!.Message);
        Assert.Single(said.ToString().Split('\n'), static line => line.Contains("refused"));
        var note = Assert.Single(notes);
        Assert.Equal((true, "first"), (note.IsRefused, note.Hash));
        Assert.DoesNotContain(folder.Path, note.Text);

        WrittenFile.Write(Path, "first");
        Look();
        Assert.Equal(("first", 1, "", false), (file.Current, file.Number, file.Refused, file.IsUnusable));

        WrittenFile.Write(Path, "second");
        Look();
        Assert.Equal(("second", 2), (file.Current, file.Number));
    }

    [Fact]
    public void TheSameText_IsNoChange()
    {
        WrittenFile.Write(Path, "first");
        Look();
        Assert.Equal((1, 0, ""), (file.Number, notes.Count, said.ToString()));
    }

    private void Look()
    {
        time.Advance(TimeSpan.FromSeconds(5));
        file.LookAgain();
    }

    private sealed class StatedFile(string first, string path, OperatorLog log, TimeProvider time)
        : FileInForce<string>(first, problems => Read(path, problems), path, log, time)
    {
        public override string Id => "stated";

        protected override string HashOf(string edition) => edition;

        protected override string VersionOf(string edition) => edition;

        protected override string? FindObjection(string next) => next == "useless" ? "it is of no use here" : null;

        protected override string SayRefused(string why) => $"refused: {why}";

        protected override string SayTaken(string before, string next, int number, string written) => $"{before} became {next}, {number} {written}";

        private static string? Read(string path, ICollection<ConfigProblem> problems)
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : null;
            if (text is null or "bad")
            {
                problems.Add(new ConfigProblem(path, 1, "", text is null ? "it is not there" : "it cannot be read"));
                return null;
            }

            return text;
        }
    }
}
