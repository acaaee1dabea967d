namespace KpiStream.Ingest.Tests.Sources.Recordings;

public sealed class FolderSyncTests
{
    [Fact]
    public void AFolderThatIsThere_IsBroughtToDisk()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(Record.Exception(() => FolderSync.Sync(folder.Path)));
    }

    [Fact]
    public void AFolderThatCannotBeBroughtToDisk_IsNotTakenForOneThatWas()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<IOException>(() => FolderSync.Sync(folder.File("not there")));
        Assert.Contains("not there could not be brought to disk: ", error.Message);
    }
}
