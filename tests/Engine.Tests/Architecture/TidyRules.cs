using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>The habits of design.md that a machine can see. Every finding names a file and a line.</summary>
internal static partial class TidyRules
{
    public const int LongestFile = 400;
    public const int LongestTestFile = 600;
    public const int LongestMethod = 70;
    public const int LongestReadme = 150;
    public const int WidestLine = 160;

    // Taken apart, so that this file does not find itself.
    private static readonly (string Word, string Why)[] Banned =
    [
        ("#pragma warning " + "disable", "satisfy the rule, or change it for everyone in .editorconfig"),
        ("Thread" + ".Sleep", "wait for what happens, not for the clock"),
        ("TO" + "DO", "finish it, or write an issue"),
        ("FIX" + "ME", "finish it, or write an issue"),
        ("HA" + "CK", "finish it, or write an issue"),
        ("NotImplemented" + "Exception", "finish it"),
    ];

    public static IEnumerable<string> Length(SourceFile file)
    {
        var lines = file.Text.AsSpan().Count('\n');
        var most = file.Path == "README.md" ? LongestReadme : !file.IsCode ? int.MaxValue : file.Folders is ["tests", ..] ? LongestTestFile : LongestFile;
        return lines > most ? [file.At(most + 1, $"{lines} lines, where {most} are the end")] : [];
    }

    // design.md, Language: words of our own for what the field has words for. Taken apart as well.
    private static readonly (string Word, string Better)[] Dialect =
    [
        ("trou" + "ble", "error"), ("de" + "sk", "service"), ("mo" + "od", "health"), ("came" + "ra", "inspector"), ("tw" + "in", "pair"),
        ("tw" + "ins", "pair"),
        ("made " + "anew", "recreated"), ("so " + "many", "count"), ("who" + "ever", "the writer, the caller"), ("goes " + "on", "continues, resumes"),
        ("hangs " + "on", "depends on"),
    ];

    /// <summary>Code speaks the field's words.</summary>
    public static IEnumerable<string> Words(SourceFile file) => !file.IsCode ? [] : Lines(file)
        .SelectMany(line => Dialect.Where(word => Holds(line.Item, word.Word)).Select(word => file.At(line.Index + 1, $"{word.Word}: say {word.Better}")));

    /// <summary>Lines of code fit beside each other on a screen.</summary>
    public static IEnumerable<string> WideLines(SourceFile file) => !file.IsCode ? [] : Lines(file)
        .Where(line => Encoding.UTF8.GetByteCount(line.Item) > WidestLine)
        .Select(line => file.At(line.Index + 1, $"{Encoding.UTF8.GetByteCount(line.Item)} bytes, where {WidestLine} are the end"));

    public static IEnumerable<string> MethodLength(SourceFile file)
    {
        foreach (var node in Nodes(file).Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax))
        {
            var span = node.GetLocation().GetLineSpan();
            if (span.EndLinePosition.Line - span.StartLinePosition.Line + 1 is var lines and > LongestMethod)
            {
                yield return file.At(node, $"a method of {lines} lines, where {LongestMethod} are the end");
            }
        }
    }

    public static IEnumerable<string> TypeNames(SourceFile file) => Nodes(file)
        .Select(node => (Node: node,
            Name: (node as BaseTypeDeclarationSyntax)?.Identifier.ValueText ?? (node as DelegateDeclarationSyntax)?.Identifier.ValueText ?? ""))
        .Where(type => EmptyWord().IsMatch(type.Name))
        .Select(type => file.At(type.Node, $"{type.Name}: a name that says nothing (Manager, Helper, Utils, Data, Info)"));

    public static IEnumerable<string> BannedWords(SourceFile file) => !file.IsCode ? [] : Lines(file)
        .SelectMany(line => Banned.Where(banned => Holds(line.Item, banned.Word)).Select(banned => file.At(line.Index + 1, $"{banned.Word}: {banned.Why}")));

    public static IEnumerable<string> MachinePaths(SourceFile file) => Lines(file)
        .Where(line => MachinePath().IsMatch(line.Item) || line.Item.Contains(RepositoryRoot.Path + '/'))
        .Select(line => file.At(line.Index + 1, "a path of one machine"));

    public static IEnumerable<string> WhiteSpace(SourceFile file)
    {
        foreach (var (index, line) in Lines(file))
        {
            if (line.Contains('\r'))
            {
                yield return file.At(index + 1, "a carriage return: lines end at LF");
            }

            if (line.Contains('\t'))
            {
                yield return file.At(index + 1, "a tab");
            }
        }

        if (file.Text.Length > 0 && file.Text[^1] != '\n')
        {
            yield return file.At(Lines(file).Count(), "no line feed at the end");
        }
    }

    /// <summary>Public types of engine/ say what they are.</summary>
    public static IEnumerable<string> Docstrings(SourceFile file) => file.Folders is not ["engine", ..] ? [] : Nodes(file).OfType<MemberDeclarationSyntax>()
        .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && node.Modifiers.Any(SyntaxKind.PublicKeyword))
        .Where(node => !node.GetLeadingTrivia().Any(SyntaxKind.SingleLineDocumentationCommentTrivia))
        .Select(node => file.At(node, "a public type without a docstring"));

    /// <summary>Tests and benchmarks are named <c>Situation_Outcome</c>.</summary>
    public static IEnumerable<string> TestNames(SourceFile file) =>
        file.Folders is not ["tests" or "bench", ..] ? [] : Nodes(file).OfType<MethodDeclarationSyntax>()
        .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => TestAttribute().IsMatch(attribute.Name.ToString())))
        .Where(method => !SituationOutcome().IsMatch(method.Identifier.ValueText))
        .Select(method => file.At(method, $"{method.Identifier.ValueText} is not named Situation_Outcome"));

    private static IEnumerable<SyntaxNode> Nodes(SourceFile file) => file.IsCode ? file.Root.DescendantNodes() : [];

    private static IEnumerable<(int Index, string Item)> Lines(SourceFile file) => file.Text.Split('\n').Index();

    private static bool Holds(string line, string word)
    {
        var place = line.IndexOf(word);
        return place >= 0 && (place == 0 || !char.IsLetter(line[place - 1]))
            && (place + word.Length == line.Length || !char.IsLetter(line[place + word.Length]));
    }

    [GeneratedRegex("(Managers?|Helpers?|Utils?|Utilities|Data|Info)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"(?<![\w.:~/])/(home|root|Users|work)/\w|\b[A-Z]:\\Users", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    [GeneratedRegex("(Fact|Theory|Benchmark)(Attribute)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestAttribute();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Z0-9][A-Za-z0-9]*)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SituationOutcome();
}
