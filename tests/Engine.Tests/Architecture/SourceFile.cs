using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>A text file of the tree: its path from the root, with forward slashes, and its text.</summary>
internal sealed class SourceFile(string path, string text)
{
    private static readonly string[] Kinds =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".yaml", ".yml", ".sh", ".html", ".css", ".js", ".py", ".txt", ""];
    private static readonly string[] NotOurs =
        ["bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", "Golden", "__pycache__"];
    private SyntaxNode? root;

    /// <summary>Every text file people write, generated and golden files left out.</summary>
    public static IReadOnlyList<SourceFile> Tree { get; } = Read(new DirectoryInfo(RepositoryRoot.Path), "");

    public string Path { get; } = path;

    public string Text { get; } = text;

    public bool IsCode => Path.EndsWith(".cs");

    /// <summary>The file's code as a tree; only for <see cref="IsCode"/>.</summary>
    public SyntaxNode Root => root ??= CSharpSyntaxTree.ParseText(Text).GetRoot();

    /// <summary>The folders it lies in, from the root down.</summary>
    public string[] Folders => Path.Split('/')[..^1];

    /// <summary>A finding in the form editors jump to.</summary>
    public string At(SyntaxNode node, string what) => At(node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, what);

    public string At(int line, string what) => $"{Path}:{line}: {what}";

    private static List<SourceFile> Read(DirectoryInfo folder, string prefix)
    {
        var files = new List<SourceFile>();
        foreach (var file in folder.EnumerateFiles().Where(file => Kinds.Contains(file.Extension, StringComparer.Ordinal))
            .OrderBy(file => file.Name))
        {
            // A worktree's .git is a file that git writes.
            if (file.Name is not ".git")
            {
                files.Add(new SourceFile(prefix + file.Name, File.ReadAllText(file.FullName)));
            }
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name, StringComparer.Ordinal))
            .OrderBy(inner => inner.Name))
        {
            files.AddRange(Read(inner, prefix + inner.Name + '/'));
        }

        return files;
    }
}
