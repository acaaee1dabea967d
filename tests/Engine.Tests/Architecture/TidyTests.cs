namespace KpiStream.Engine.Tests.Architecture;

/// <summary>The habits of design.md over the whole tree; and each rule shown to find what it is there for.</summary>
public sealed class TidyTests
{
    [Fact]
    public void Files_AreShort() => ArchitectureTests.AssertNothing(TidyRules.Length);

    [Fact]
    public void Lines_AreNotWide() => ArchitectureTests.AssertNothing(TidyRules.WideLines);

    [Fact]
    public void Code_SpeaksTheFieldsWords() => ArchitectureTests.AssertNothing(TidyRules.Words);

    [Fact]
    public void Methods_AreShort() => ArchitectureTests.AssertNothing(TidyRules.MethodLength);

    [Fact]
    public void Types_HaveNamesThatSaySomething() => ArchitectureTests.AssertNothing(TidyRules.TypeNames);

    [Fact]
    public void Code_IsFinished() => ArchitectureTests.AssertNothing(TidyRules.BannedWords);

    [Fact]
    public void Files_KnowNoMachine() => ArchitectureTests.AssertNothing(TidyRules.MachinePaths);

    [Fact]
    public void Lines_EndAtLineFeedsAndHaveNoTabs() => ArchitectureTests.AssertNothing(TidyRules.WhiteSpace);

    [Fact]
    public void PublicTypesOfTheEngine_SayWhatTheyAre() => ArchitectureTests.AssertNothing(TidyRules.Docstrings);

    [Fact]
    public void Tests_AreNamedSituationOutcome() => ArchitectureTests.AssertNothing(TidyRules.TestNames);

    [Theory]
    [InlineData("engine/Time/A.cs", 400, false)]
    [InlineData("engine/Time/A.cs", 401, true)]
    [InlineData("tests/Support/A.cs", 600, false)]
    [InlineData("tests/Support/A.cs", 601, true)]
    [InlineData("README.md", 150, false)]
    [InlineData("README.md", 151, true)]
    [InlineData("engine/README.md", 1_000, false)]
    public void AFileOverTheLimit_IsFound(string path, int lines, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.Length, path, new string('\n', lines), found);

    [Theory]
    [InlineData("engine/Time/A.cs", 160, false)]
    [InlineData("engine/Time/A.cs", 161, true)]
    [InlineData("engine/README.md", 161, false)]
    public void AWideLine_IsFound(string path, int columns, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.WideLines, path, "\n" + new string('x', columns) + "\n", found);

    [Theory]
    [InlineData("// no trou", "ble", true)]
    [InlineData("// so ", "many records", true)]
    [InlineData("var de", "sk = 1;", true)]
    [InlineData("// de", "sktop", false)]
    [InlineData("// between ", "them", false)]
    public void AWordOfOurOwn_IsFound(string start, string end, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.Words, "engine/Time/A.cs", start + end, found);

    [Theory]
    [InlineData(68, false)]
    [InlineData(69, true)]
    public void AMethodOverTheLimit_IsFound(int statements, bool found)
    {
        var body = string.Concat(Enumerable.Repeat("x++;\n", statements - 1));
        ArchitectureTests.AssertFinds(
            TidyRules.MethodLength, "engine/Time/A.cs", $"class A\n{{\n/// <summary>\n/// A.\n/// </summary>\nvoid B()\n{{\n{body}}}\n}}", found);
        ArchitectureTests.AssertFinds(TidyRules.MethodLength, "engine/Time/A.cs", $"class A\n{{\nA()\n{{\n{body}}}\n}}", found);
        ArchitectureTests.AssertFinds(TidyRules.MethodLength, "engine/Time/A.cs", $"class A {{ int C {{\nget\n{{\n{body}}}\n}} }}", found);
    }

    [Theory]
    [InlineData("class CaseManager;", true)]
    [InlineData("static class StringHelpers;", true)]
    [InlineData("record struct UnitInfo(int A);", true)]
    [InlineData("class Outer { enum InnerData { A } }", true)]
    [InlineData("interface ICaseUtils { }", true)]
    [InlineData("class Reader;", false)]
    [InlineData("class DataReader;", false)]
    public void AnEmptyName_IsFound(string text, bool found) => ArchitectureTests.AssertFinds(TidyRules.TypeNames, "bench/A.cs", text, found);

    [Theory]
    [InlineData("#pragma warning dis", "able CA1000", true)]
    [InlineData("Thread", ".Sleep(1);", true)]
    [InlineData("// TO", "DO: later", true)]
    [InlineData("// FIX", "ME", true)]
    [InlineData("/* HA", "CK */", true)]
    [InlineData("throw new NotImplemented", "Exception();", true)]
    [InlineData("// WHA", "CKY", false)]
    public void AnUnfinishedPlace_IsFound(string start, string end, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.BannedWords, "engine/Time/A.cs", "\n" + start + end, found);

    [Theory]
    [InlineData("see /ho", "me/someone/x", true)]
    [InlineData("cd /wo", "rk/main", true)]
    [InlineData("C:\\Us", "ers\\x", true)]
    [InlineData("../shared/spec.md", "", false)]
    [InlineData("https://example.org/wo", "rk/x", false)]
    public void APathOfOneMachine_IsFound(string start, string end, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.MachinePaths, "bench/README.md", start + end, found);

    [Theory]
    [InlineData("a\n", false)]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("a\r\n", true)]
    [InlineData("\ta\n", true)]
    public void OddWhiteSpace_IsFound(string text, bool found) => ArchitectureTests.AssertFinds(TidyRules.WhiteSpace, "bench/README.md", text, found);

    [Theory]
    [InlineData("engine/Time/A.cs", "public class A;", true)]
    [InlineData("engine/Time/A.cs", "// no docstring\npublic enum A { B }", true)]
    [InlineData("engine/Time/A.cs", "public delegate void A();", true)]
    [InlineData("engine/Time/A.cs", "/// <summary>A.</summary>\npublic class A { public struct B { } }", true)]
    [InlineData("engine/Time/A.cs", "/// <summary>A.</summary>\n[Flags]\npublic enum A { B }", false)]
    [InlineData("engine/Time/A.cs", "internal class A;", false)]
    [InlineData("ingest/Host/A.cs", "public class A;", false)]
    public void APublicTypeWithoutADocstring_IsFound(string path, string text, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.Docstrings, path, text, found);

    [Theory]
    [InlineData("class A { [Fact] public void Works() { } }", true)]
    [InlineData("class A { [Xunit.Theory, InlineData(1)] public void works_well(int x) { } }", true)]
    [InlineData("class A { [Benchmark] public void Decode() { } }", true)]
    [InlineData("class A { [KafkaFact] public void BrokerAbsent_SaysSo() { } }", false)]
    [InlineData("class A { public void Works() { } }", false)]
    public void ATestNamedOtherwise_IsFound(string text, bool found) =>
        ArchitectureTests.AssertFinds(TidyRules.TestNames, "tests/Engine.Tests/A.cs", text, found);
}
