namespace KpiStream.Engine.Tests.Architecture;

/// <summary>The dependency direction of design.md, read from the sources; and each rule shown to find what it is there for.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void Folders_ImportOnlyFoldersBeforeThem() => AssertNothing(FolderRules.Order(SourceFile.Tree));

    [Fact]
    public void NoTwoFolders_ImportEachOther() => AssertNothing(FolderRules.Cycles(SourceFile.Tree));

    [Fact]
    public void Threads_AreStartedInThePipelineOnly() => AssertNothing(DependencyRules.Threads);

    [Fact]
    public void TheConsole_IsWrittenInOneFolder() => AssertNothing(DependencyRules.ConsoleWriters);

    [Fact]
    public void Namespaces_AreFolders() => AssertNothing(DependencyRules.Namespaces);

    [Fact]
    public void TheKafkaClient_IsKnownToOneProjectOnly() => AssertNothing(DependencyRules.KafkaClient);

    [Fact]
    public void Projects_ReferenceOnlyWhatLiesBelowThem() => AssertNothing(DependencyRules.Projects);

    [Fact]
    public void TheTree_IsReadWhole()
    {
        // A rule over no files would hold for ever.
        Assert.Contains(SourceFile.Tree, file => file.Path == "engine/Engine.csproj");
        Assert.Contains(SourceFile.Tree, file => file.Path == "engine/Codecs/Decoders/JsonEventDecoder.cs");
        Assert.Contains(SourceFile.Tree, file => file.Path == "tests/run");
        Assert.Contains(SourceFile.Tree, file => file.Path == ".ci/run");
        Assert.DoesNotContain(SourceFile.Tree, file => file.Path.Contains("/obj/"));
    }

    [Theory]
    [InlineData("engine/Time/A.cs", "using KpiStream.Engine.Events;", true)]
    [InlineData("engine/Events/A.cs", "using KpiStream.Engine.Time;", false)]
    [InlineData("engine/Events/A.cs", "using static KpiStream.Engine.Codecs.SipHash;", true)]
    [InlineData("engine/Events/A.cs", "using X = KpiStream.Engine.Codecs.SipHash;", true)]
    [InlineData("engine/Events/Inner/A.cs", "global using KpiStream.Engine.Pipeline;", true)]
    [InlineData("engine/Events/A.cs", "class A { KpiStream.Engine.Codecs.SipHash x; }", true)]
    [InlineData("engine/Events/A.cs", "class A { Codecs.SipHash x; }", true)]
    [InlineData("engine/Codecs/A.cs", "class A { Events.CaseId x; }", false)]
    [InlineData("engine/Events/A.cs", "class A { int x = KpiStream.Engine.Codecs.SipHash.KeyBytes; }", true)]
    [InlineData("engine/Boards/A.cs", "using KpiStream.Engine.Other;", true)]
    [InlineData("engine/Other/A.cs", "", true)]
    [InlineData("ingest/Host/A.cs", "using KpiStream.Engine.Pipeline;", false)]
    public void AnImportFromAbove_IsFound(string path, string text, bool found) => AssertFinds(
        file => FolderRules.Order([file, .. FolderRules.EngineFolders.Select(folder => new SourceFile($"engine/{folder}/In.cs", $"class In{folder};")),
            .. path == "engine/Boards/A.cs" ? [new SourceFile("engine/Other/In.cs", "class InOther;")] : Array.Empty<SourceFile>()])
            .Where(finding => finding.StartsWith(path)), path, text, found);

    [Theory]
    [InlineData("using KpiStream.Ingest.Host.Commands;", true)]
    [InlineData("class C { KpiStream.Ingest.Host.Commands.A x; }", true)]
    [InlineData("class C { Commands.A x; }", true)]
    [InlineData("class C { int x = KpiStream.Ingest.Host.Commands.A.Count; }", true)]
    [InlineData("class C { Outer x; }", true)]
    [InlineData("class C { int x = Outer.Count; }", true)]
    [InlineData("class C { int Outer; int x => Outer; }", false)]
    [InlineData("using KpiStream.Ingest.Host.Plans;", false)]
    public void AnImportOfALaterHostFolder_IsFound(string text, bool found)
    {
        var findings = FolderRules.Order([
            new("ingest/Host/Plans/P.cs", "class P;"), new("ingest/Host/Commands/A.cs", "class A;"), new("ingest/Host/Serving/Outer.cs", "class Outer;"),
            new("ingest/Host/Serving/Api/B.cs", text)]).ToList();
        Assert.Equal(found, findings.Count > 0);
        Assert.All(findings, finding => Assert.StartsWith("ingest/Host/Serving/Api/B.cs:1: ", finding));
    }

    [Fact]
    public void AFolderOutsideOfTheList_IsFound() => Assert.NotEmpty(FolderRules.Order([
        new("ingest/Host/Plans/P.cs", "class P;"), new("ingest/Host/Other/A.cs", "using KpiStream.Ingest.Host.Plans;")]));

    [Theory]
    [InlineData("using KpiStream.Ingest.Sources.A;", true)]
    [InlineData("class C { Root x; }", false)]
    [InlineData("", false)]
    public void ACircleOfFolders_IsFound(string text, bool found) => Assert.Equal(found, FolderRules.Cycles([
        new("ingest/Sources/Root.cs", "class Root;"), new("ingest/Sources/A/A.cs", "using KpiStream.Ingest.Sources.B;"),
        new("ingest/Sources/B/B.cs", "using KpiStream.Ingest.Sources.C;"), new("ingest/Sources/C/C.cs", text)]).Any());

    [Fact]
    public void ACircleOfFoldersThatNeedNoUsing_IsFound() => Assert.Equal(2, FolderRules.Cycles([
        new("engine/Time/A.cs", "class A { B x; }"), new("engine/Events/B.cs", "class B { A x; }")]).Count());

    [Fact]
    public void ACircleOfAFolderAndItsInnerOne_IsFound() => Assert.Equal(2, FolderRules.Cycles([
        new("ingest/Kafka/Root.cs", "using KpiStream.Ingest.Kafka.Inner; class Root;"), new("ingest/Kafka/Inner/A.cs", "class A { Root x; }")]).Count());

    [Theory]
    [InlineData("engine/Cases/A.cs", "class A { void B() => new Thread(() => { }).Start(); }", true)]
    [InlineData("engine/Cases/A.cs", "class A { void B() => Task.Run(() => { }); }", true)]
    [InlineData("engine/Pipeline/A.cs", "class A { void B() => Task.Run(() => { }); }", false)]
    public void AThreadOutsideThePipeline_IsFound(string path, string text, bool found) => AssertFinds(DependencyRules.Threads, path, text, found);

    [Theory]
    [InlineData("ingest/Host/Runs/A.cs", "class A { void B() => Console.WriteLine(1); }", true)]
    [InlineData("ingest/Kafka/A.cs", "class A { void B() => Console.Error.Write(1); }", true)]
    [InlineData("ingest/Host/Output/A.cs", "class A { void B() => Console.WriteLine(1); }", false)]
    [InlineData("ingest/Host/Runs/A.cs", "class A { string? B() => Console.In.ReadLine(); }", false)]
    [InlineData("bench/A.cs", "class A { void B() => Console.WriteLine(1); }", false)]
    public void AnotherWriterOfTheConsole_IsFound(string path, string text, bool found) => AssertFinds(DependencyRules.ConsoleWriters, path, text, found);

    [Theory]
    [InlineData("engine/Time/A.cs", "namespace KpiStream.Engine.Time; class A;", false)]
    [InlineData("engine/Time/A.cs", "namespace KpiStream.Engine; class A;", true)]
    [InlineData("engine/Time/A.cs", "class A;", true)]
    [InlineData("ingest/Sources/Files/A.cs", "namespace KpiStream.Ingest.Sources.Files; class A;", false)]
    [InlineData("tests/Engine.Tests/Time/A.cs", "namespace KpiStream.Engine.Tests.Time; class A;", false)]
    [InlineData("tests/Support/A.cs", "namespace KpiStream.Tests.Support; class A;", false)]
    [InlineData("tests/Support/A.cs", "namespace KpiStream.Support; class A;", true)]
    [InlineData("bench/A.cs", "namespace KpiStream.Bench; class A;", false)]
    [InlineData("bench/Program.cs", "return 2;", false)]
    public void ANamespaceThatIsNotItsFolder_IsFound(string path, string text, bool found) => AssertFinds(DependencyRules.Namespaces, path, text, found);

    [Theory]
    [InlineData("ingest/Host/A.cs", "using Confluent.Kafka;", true)]
    [InlineData("engine/Engine.csproj", "<PackageReference Include=\"Confluent.Kafka\" />", true)]
    [InlineData("ingest/Kafka/A.cs", "using Confluent.Kafka;", false)]
    [InlineData("tests/Ingest.Tests/Kafka/A.cs", "using Confluent.Kafka;", false)]
    public void AnotherUserOfTheKafkaClient_IsFound(string path, string text, bool found) => AssertFinds(DependencyRules.KafkaClient, path, text, found);

    [Theory]
    [InlineData("engine/Engine.csproj", "<Project><PackageReference Include=\"YamlDotNet\" /></Project>", true)]
    [InlineData("engine/Engine.csproj", "<Project><ProjectReference Include=\"../ingest/Sources/Sources.csproj\" /></Project>", true)]
    [InlineData("engine/Engine.csproj", "<Project></Project>", false)]
    [InlineData("engine/Engine.csproj", "<Project><PackageReference Include=\"MessagePack\" /></Project>", false)]
    [InlineData("ingest/Sources/Sources.csproj", "<Project><ProjectReference Include=\"../Kafka/Kafka.csproj\" /></Project>", true)]
    [InlineData("ingest/Kafka/Kafka.csproj", "<Project><ProjectReference Include=\"..\\Sources\\Sources.csproj\" /></Project>", false)]
    [InlineData("ingest/Other/Other.csproj", "<Project></Project>", true)]
    public void AProjectReferenceUpwards_IsFound(string path, string text, bool found) => AssertFinds(DependencyRules.Projects, path, text, found);

    internal static void AssertNothing(Func<SourceFile, IEnumerable<string>> rule) => AssertNothing(SourceFile.Tree.SelectMany(rule));

    private static void AssertNothing(IEnumerable<string> found)
    {
        var findings = found.ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    internal static void AssertFinds(Func<SourceFile, IEnumerable<string>> rule, string path, string text, bool found)
    {
        var findings = rule(new SourceFile(path, text)).ToList();
        Assert.True(findings.Count > 0 == found, found ? "nothing was found" : string.Join('\n', findings));
        Assert.All(findings, finding => Assert.Matches($"^{path}:[0-9]+: .", finding));
    }
}
