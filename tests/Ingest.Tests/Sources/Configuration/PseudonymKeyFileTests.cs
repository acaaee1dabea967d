using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

public sealed class PseudonymKeyFileTests : IDisposable
{
    private const string Digits = "000102030405060708090a0b0c0d0e0f";

    private readonly TemporaryFolder folder = new();
    private readonly List<ConfigProblem> problems = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void KeyOfTheOwner_IsRead()
    {
        var key = PseudonymKeyFile.Load(Write(Digits + "\n"), problems);

        Assert.Empty(problems);
        Assert.Equal(new PseudonymKey(Convert.FromHexString(Digits)).Of("a"u8), key!.Of("a"u8));
    }

    [Theory]
    [InlineData("s3cret")]
    [InlineData("")]
    [InlineData("s3cret02030405060708090a0b0c0d0e0f0")]
    [InlineData(Digits + "\n" + Digits)]
    public void DamagedKey_IsAProblemThatDoesNotShowIt(string text)
    {
        Assert.Null(PseudonymKeyFile.LoadOrCreate(Write(text), problems));
        Assert.DoesNotMatch("s3cret|0001", Assert.Single(problems).ToString());
        Assert.Contains("32 hexadecimal digits", problems[0].Message);
        Assert.Equal(text, File.ReadAllText(folder.File("a.key")));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void KeyThatOthersMayTouch_IsRefusedWithWhatToDo(UnixFileMode more)
    {
        if (OperatingSystem.IsWindows())
        {
            throw SkipException.ForSkip("there are no file modes");
        }

        var path = Write(Digits);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        Assert.Null(PseudonymKeyFile.Load(path, problems));
        Assert.Contains($"chmod 600 {path}", Assert.Single(problems).Message);
    }

    [Fact]
    public void MissingKey_IsMadeForItsOwnerAloneAndKept()
    {
        var path = folder.File("deep/state/pseudonym.key");

        var made = PseudonymKeyFile.LoadOrCreate(path, problems);
        var again = PseudonymKeyFile.LoadOrCreate(path, problems);

        Assert.Empty(problems);
        Assert.Matches(new Regex("^[0-9a-f]{32}\n$", RegexOptions.None, TimeSpan.FromSeconds(1)), File.ReadAllText(path));
        Assert.Equal(made!.Of("a"u8), again!.Of("a"u8));
        Assert.Equal([path], Directory.GetFiles(folder.File("deep/state")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.File("deep/state")));
        }
    }

    [Fact]
    public void TwoMissingKeys_AreMadeDifferent() => Assert.NotEqual(
        PseudonymKeyFile.LoadOrCreate(folder.File("a.key"), problems)!.Of("a"u8), PseudonymKeyFile.LoadOrCreate(folder.File("b.key"), problems)!.Of("a"u8));

    [Fact]
    public async Task ManyStartingAtOnce_AllUseOneKey()
    {
        for (var round = 0; round < 20; round++)
        {
            await StartManyAsync(folder.File($"state{round}"));
        }
    }

    private static async Task StartManyAsync(string state)
    {
        const int Programs = 16;
        using var start = new Barrier(Programs);
        var keys = await Task.WhenAll(Enumerable.Range(0, Programs).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                var own = new List<ConfigProblem>();
                return (Key: PseudonymKeyFile.LoadOrCreate(Path.Combine(state, "pseudonym.key"), own), own.Count);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(keys, made => Assert.Equal(0, made.Count));
        Assert.Single(keys.Select(made => made.Key!.Of("a"u8)).Distinct());
        Assert.Single(Directory.GetFiles(state));
    }

    [Fact]
    public void FolderThatCannotBeMade_IsAProblemWithWhatToDo()
    {
        var file = Write(Digits);

        Assert.Null(PseudonymKeyFile.LoadOrCreate(Path.Combine(file, "pseudonym.key"), problems));
        Assert.Contains("make its folder writable", Assert.Single(problems).Message);
    }

    private string Write(string text)
    {
        var path = folder.File("a.key");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
