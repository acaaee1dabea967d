using System.CommandLine;

namespace KpiStream.Ingest.Tests.Host.Output;

/// <summary>No output of any command is written over an input or another output of it, whatever either is called.</summary>
public sealed class DeclaredFilesTests : IDisposable
{
    /// <summary>Of every command, what it reads and what it writes.</summary>
    private static readonly Dictionary<string, (string[] Always, string[] Inputs, string[] Outputs)> Files = new()
    {
        ["replay"] = (["other"], ["SOURCE", "--units", "--rulebook", "--procedures", "--profile", "--pseudonym-key"],
            ["--export", "--report", "--dead-letters"]),
        ["recount"] = (["other"], ["SOURCE", "--units", "--rulebook", "--procedures", "--profile", "--pseudonym-key"], ["--export", "--report"]),
        ["record"] = (["--from", "kafka:cases", "--bootstrap", "localhost:9"], ["--units", "--profile", "--pseudonym-key"], ["--out", "--dead-letters"]),
        ["generate"] = ([], ["--units"], ["--out"]),
        ["convert"] = ([], ["FROM", "--units", "--profile", "--pseudonym-key"], ["TO"]),
        ["case"] = (["code"], ["SOURCE", "--units", "--rulebook", "--procedures", "--profile", "--pseudonym-key", "--api-key"], []),
        ["api-key"] = ([], ["--config", "--units", "--log"], []),
        ["board-token"] = ([], ["--config", "--units", "--log"], []),
        ["check-config"] = ([], ["--config", "--units", "--rulebook"], []),
        ["serve"] = ([], ["--config", "--units", "--log", "--state"], []),
        ["doctor"] = ([], ["--config", "--units", "--log", "--state"], []),
        ["snapshot"] = ([], ["PATH"], []),
        ["load run"] = (["other"], ["PLAN|SOURCE", "--units", "--api-key", "--compare"], ["--report", "--html", "--hlog", "--junit"]),
        ["load search"] = (["other"], ["PLAN|SOURCE", "--units", "--api-key"], ["--report"]),
        ["alerts backtest"] = (["other"],
            [
                "SOURCE", "--units", "--rulebook", "--procedures", "--calendar", "--unit-calendars", "--profile", "--pseudonym-key", "--rules", "--against",
                "--truth", "--config",
            ],
            ["--csv", "--html"]),
        ["alerts explain"] = ([], ["--config", "--units", "--log", "--state"], []),
        ["alerts check"] = ([], ["FILE", "--config", "--units"], []),
        ["alerts list"] = ([], ["--api-key"], []),
        ["alerts acknowledge"] = ([], ["--api-key"], []),
        ["alerts silence"] = ([], ["--api-key"], []),
        ["alerts unsilence"] = ([], ["--api-key"], []),
        ["alerts test"] = ([], ["--config"], []),
    };

    /// <summary>Options with a text that is no path, and the folder of the state, which has its own test.</summary>
    private static readonly string[] NoFiles =
        ["CODE", "--url", "--periods", "--as-of", "--at", "--at-from", "--speed", "--bootstrap", "--kafka", "--topic", "--board-period", "--start", "--from",
            "--until", "--state", "NAME", "--unit", "--rate", "--plan", "--to", "--expect", "--from-rate", "--every",
            "ID", "--note", "--by", "--kind", "--figure",
            "--cause", "--reason", "--channel"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, string> Pairs()
    {
        var pairs = new TheoryData<string, string, string>();
        foreach (var (command, (_, inputs, outputs)) in Files)
        {
            foreach (var output in outputs)
            {
                foreach (var other in inputs.Concat(outputs.SkipWhile(name => name != output).Skip(1)))
                {
                    pairs.Add(command, output, other);
                }
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void OneFileUnderAnyName_IsRefusedAndBothAreNamed(string command, string output, string other)
    {
        File.WriteAllText(folder.File("a.txt"), "");
        foreach (var name in Disguises())
        {
            var errors = Errors(command, (output, name), (other, folder.File("a.txt")));
            Assert.True(errors.Exists(error => error.Contains("are the same file") && error.Contains(output)
                && error.Contains(other)),
                $"{command} {output} {name} and {other}: {string.Join(' ', errors)}");
        }

        Assert.Empty(Errors(command, (output, folder.File("b.txt")), (other, folder.File("a.txt"))));
    }

    [Theory]
    [InlineData("replay", "--export", "--report")]
    [InlineData("recount", "--export", "--report")]
    [InlineData("replay", "--report", "--dead-letters")]
    [InlineData("record", "--out", "--dead-letters")]
    public void OneNameThatIsNotThereYet_IsRefusedInALinkedFolderToo(string command, string output, string other)
    {
        Directory.CreateDirectory(folder.File("real"));
        Directory.CreateSymbolicLink(folder.File("linked"), folder.File("real"));
        File.CreateSymbolicLink(folder.File("dangling"), folder.File("real/new"));
        foreach (var name in (string[])["real/new", "linked/new", "real/../linked/new", "dangling"])
        {
            Assert.Contains(Errors(command, (output, folder.File(name)), (other, folder.File("real/new"))),
                error => error.Contains("are the same file"));
        }

        Assert.Empty(Errors(command, (output, folder.File("linked/newer")), (other, folder.File("real/new"))));
    }

    [Theory]
    [InlineData("replay", "--export")]
    [InlineData("recount", "--report")]
    [InlineData("replay", "--dead-letters")]
    [InlineData("record", "--out")]
    [InlineData("record", "--dead-letters")]
    [InlineData("generate", "--out")]
    [InlineData("convert", "TO")]
    [InlineData("convert", "FROM")]
    [InlineData("replay", "SOURCE")]
    [InlineData("case", "SOURCE")]
    public void AddressThatIsNotUnderstood_IsRefusedWithWhatIs(string command, string option)
    {
        // A topic is a source of replay and case, and a target of generate.
        string[] addresses = (command, option) is ("replay" or "case", "SOURCE") or ("generate", _) ? ["http://host/x", "s3://x"]
            : ["kafka:x", "http://host/x", "Kafka:x"];
        foreach (var address in addresses)
        {
            Assert.Contains(Errors(command, (option, address)), error => error.Contains(option)
                && error.Contains($"./{address}"));
        }
    }

    [Theory]
    [InlineData("replay", "--export", "figures.xlsx", "CSV")]
    [InlineData("replay", "--report", "report.zst", "JSON")]
    [InlineData("generate", "--out", "cases.xz", "events")]
    [InlineData("record", "--out", "cases.ndjson", "a recording")]
    [InlineData("convert", "TO", "cases.gz", "a recording")]
    [InlineData("replay", "--dead-letters", "letters.gz", "JSON lines")]
    [InlineData("replay", "--export", "", "needs a path")]
    [InlineData("record", "--out", "-", "cannot be written to standard output")]
    public void NameThatPromisesAnotherForm_IsRefused(string command, string option, string name, string said) =>
        Assert.Contains(Errors(command, (option, name)), error => error.Contains(option)
            && error.Contains(said));

    [Fact]
    public void OlderHalvesAndUnfinishedFiles_AreOutputsToo()
    {
        File.WriteAllText(folder.File("letters.1"), "");
        File.WriteAllText(folder.File(".figures.unfinished"), "");
        Assert.NotEmpty(Errors("replay", ("SOURCE", folder.File("letters.1")), ("--dead-letters", folder.File("letters"))));
        Assert.NotEmpty(Errors("replay", ("SOURCE", folder.File(".figures.unfinished")), ("--export", folder.File("figures"))));
        Assert.NotEmpty(Errors("convert", ("FROM", folder.File("made.key")), ("TO", folder.File("made"))));
    }

    [Theory]
    [InlineData("generate", "--out")]
    [InlineData("convert", "TO")]
    [InlineData("record", "--out")]
    public void SegmentsOfALogAndCheckpoints_AreNotWrittenOver_ThoughTheCommandKnowsNothingOfTheFolder(string command, string output)
    {
        File.WriteAllText(folder.File("events-00000001.kpirec"), "");
        File.CreateSymbolicLink(folder.File("link.kpirec"), folder.File("events-00000001.kpirec"));
        foreach (var name in (string[])["events-00000001.kpirec", "events-00000002.kpirec", "link.kpirec"])
        {
            Assert.Contains(Errors(command, (output, folder.File(name))), error => error.Contains("embedded log") && error.Contains(output));
        }

        Assert.Empty(Errors(command, (output, folder.File("events-1.kpirec"))));
        Directory.CreateDirectory(folder.File("other"));
        Assert.Empty(Errors(command, (output, folder.File("other/events-00000001.kpirec"))));
    }

    [Theory]
    [InlineData("gaps.json", "state.lock")]
    [InlineData("alerts.json", "state.lock")]
    [InlineData("rejected.json", "log.lock")]
    [InlineData("pseudonym.key", null)]
    [InlineData("api.key", null)]
    public void NotesAndKeysOfServe_AreNotWrittenOver_ThoughTheCommandKnowsNothingOfTheFolder(string name, string? held)
    {
        foreach (var (command, output) in ((string, string)[])[("replay", "--export"), ("replay", "--dead-letters"), ("generate", "--out")])
        {
            File.Delete(folder.File(name));
            Assert.Empty(Errors(command, (output, folder.File(name))));
            File.WriteAllText(folder.File(name), "");
            Assert.Equal(held is not null, Errors(command, (output, folder.File(name))).Count == 0);
            if (held is not null)
            {
                File.WriteAllText(folder.File(held), "");
                Assert.Contains(Errors(command, (output, folder.File(name))), error => error.Contains("which would be lost") && error.Contains(output));
                File.Delete(folder.File(held));
            }
        }

        Assert.NotEmpty(CommandTree.Parse(["replay", "other", "--state", folder.Path, "--export", folder.File(name)]).Errors);
    }

    [Fact]
    public void FilesOfAFolderThatTheProgramNames_AreNotTaken()
    {
        var state = Directory.CreateDirectory(folder.File("state")).FullName;
        string[] replay = ["replay", "other", "--state", state, "--export"];
        Assert.NotEmpty(CommandTree.Parse([.. replay, Path.Combine(state, "checkpoint-00000001.kpistate")]).Errors);
        Assert.NotEmpty(CommandTree.Parse([.. replay, Path.Combine(state, "pseudonym.key")]).Errors);
        Assert.Empty(CommandTree.Parse([.. replay, Path.Combine(state, "figures.csv")]).Errors);
        Assert.NotEmpty(CommandTree.Parse(["replay", "other", "--state", "other"]).Errors);
        Assert.Empty(CommandTree.Parse(["serve", "--log", folder.File("log"), "--state", folder.File("log")]).Errors);
    }

    [Fact]
    public void DevicesAndStandardOutput_MayBeGivenTwice() =>
        Assert.Empty(Errors("replay", ("--export", "/dev/null"), ("--report", "/dev/null")));

    [Fact]
    public void EveryOptionWithAPath_IsInTheTable()
    {
        foreach (var command in CommandTree.Root().Subcommands)
        {
            foreach (var inner in command.Subcommands.Count > 0 ? command.Subcommands : [command])
            {
                var known = Files.TryGetValue($"{command.Name} {inner.Name}", out var own) ? own : Files[command.Name];
                var names = inner.Options.Where(option => option.ValueType == typeof(string) || option.ValueType == typeof(string[]))
                    .Select(option => option.Name).Concat(inner.Arguments.Select(argument => argument.Name));
                foreach (var name in names.Except(NoFiles))
                {
                    Assert.True(known.Inputs.Contains(name)
                        || known.Outputs.Contains(name), $"{command.Name} {inner.Name} {name}: is it a file? Declare it, and put it into this table");
                }
            }
        }
    }

    [Fact]
    public async Task SourceGivenAsOutput_IsLeftAsItIs()
    {
        var source = folder.File("log.1");
        File.Copy(GoldenFiles.PathOf("mixed.ndjson"), source);
        var before = await File.ReadAllBytesAsync(source);
        File.CreateSymbolicLink(folder.File("link"), source);
        foreach (var arguments in (string[][])[["--dead-letters", source], ["--dead-letters", folder.File("log")], ["--export", folder.File("link")]])
        {
            Assert.Equal(2, await CommandTree.RunAsync(["replay", source, .. arguments]));
            Assert.Equal(before, await File.ReadAllBytesAsync(source));
        }
    }

    private IEnumerable<string> Disguises()
    {
        yield return folder.File("a.txt");
        yield return Path.Combine(folder.Path, ".", "..", Path.GetFileName(folder.Path), "a.txt");
        if (OperatingSystem.IsLinux())
        {
            File.CreateSymbolicLink(folder.File("link.txt"), folder.File("a.txt"));
            File.CreateSymbolicLink(folder.File("link-of-link.txt"), "link.txt");
            using var hard = System.Diagnostics.Process.Start("ln", [folder.File("a.txt"), folder.File("hard.txt")]);
            hard.WaitForExit();
            yield return folder.File("link.txt");
            yield return folder.File("link-of-link.txt");
            yield return folder.File("hard.txt");
        }
    }

    private static List<string> Errors(string command, params (string Name, string Value)[] given)
    {
        var (always, _, _) = Files[command];
        var isNamed = char.IsUpper(given[0].Name[0]) || given.Any(pair => char.IsUpper(pair.Name[0]));
        var words = new List<string>(command.Split(' '));
        words.AddRange(isNamed && command is not "case" ? [] : always);
        if (command == "record" && !given.Any(pair => pair.Name == "--out"))
        {
            words.AddRange(["--out", "other.rec"]);
        }

        if (command == "convert")
        {
            words.Add(given.FirstOrDefault(pair => pair.Name == "FROM").Value ?? "from");
            words.Add(given.FirstOrDefault(pair => pair.Name == "TO").Value ?? "to");
        }

        foreach (var (name, value) in given)
        {
            words.AddRange(!char.IsUpper(name[0]) ? [name, value] : command == "convert" ? [] : [value]);
        }

        return [.. CommandTree.Parse(words).Errors.Select(error => error.Message)];
    }
}
