using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Who may know whom: folders of the engine, projects, namespaces, threads and the Kafka client.</summary>
internal static class DependencyRules
{
    /// <summary>The folders of engine/, lowest first; a folder imports only what stands before it.</summary>
    public static readonly string[] EngineFolders =
        ["Time", "Events", "Codecs", "Cases", "Units", "Kpis", "Windowing", "Alerts", "Boards", "Reconciliation", "Snapshots", "Pipeline"];

    private const string Engine = "KpiStream.Engine.";

    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["engine/Engine.csproj"] = [],
        ["ingest/Sources/Sources.csproj"] = ["Engine.csproj"],
        ["ingest/Kafka/Kafka.csproj"] = ["Engine.csproj", "Sources.csproj"],
        ["ingest/Host/Host.csproj"] = ["Engine.csproj", "Sources.csproj", "Kafka.csproj"],
        ["bench/Bench.csproj"] = ["Engine.csproj", "Sources.csproj"],
    };

    /// <summary>A file of engine/ uses no folder that stands after its own, by using or by qualified name.</summary>
    public static IEnumerable<string> FolderOrder(SourceFile file)
    {
        if (!file.IsCode || file.Folders is not ["engine", var own, ..])
        {
            yield break;
        }

        var rank = Array.IndexOf(EngineFolders, own);
        if (rank < 0)
        {
            yield return file.At(1, $"engine/{own} is not in the list of folders");
            yield break;
        }

        foreach (var (node, folder) in Imports(file.Root))
        {
            if (Array.IndexOf(EngineFolders, folder) is var other && (other < 0 || other > rank))
            {
                yield return file.At(node, $"{own} may not import {folder}, which stands after it");
            }
        }
    }

    private static IEnumerable<(SyntaxNode Node, string Folder)> Imports(SyntaxNode root)
    {
        foreach (var name in root.DescendantNodes().OfType<NameSyntax>().Where(name => name.Parent is not NameSyntax and not BaseNamespaceDeclarationSyntax))
        {
            var text = name.ToString();
            if (text.StartsWith(Engine))
            {
                yield return (name, text[Engine.Length..].Split('.')[0]);
            }
            else if (name is QualifiedNameSyntax && EngineFolders.Contains(text.Split('.')[0], StringComparer.Ordinal))
            {
                yield return (name, text.Split('.')[0]);
            }
        }

        foreach (var access in root.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => access.Parent is not MemberAccessExpressionSyntax))
        {
            if (access.ToString() is var text && text.StartsWith(Engine))
            {
                yield return (access, text[Engine.Length..].Split('.')[0]);
            }
        }
    }

    /// <summary>Threads and timers are started in engine/Pipeline only.</summary>
    public static IEnumerable<string> Threads(SourceFile file)
    {
        if (!file.IsCode || file.Folders is not ["engine", not "Pipeline", ..])
        {
            yield break;
        }

        foreach (var name in file.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText is "Thread" or "ThreadPool" or "Task" or "Timer" or "Parallel")
            {
                yield return file.At(name, $"{name} belongs into engine/Pipeline, the only folder with threads");
            }
        }
    }

    /// <summary>The product writes to the console in ingest/Host/Output only; other folders may read standard input.</summary>
    public static IEnumerable<string> ConsoleWriters(SourceFile file) =>
        !file.IsCode || file.Folders is not ["engine" or "ingest", ..] || file.Folders is ["ingest", "Host", "Output", ..] ? []
            : file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Where(access => access.Expression.ToString() is "Console" or "System.Console")
                .Where(access => access.Name.Identifier.ValueText is not ("In" or "OpenStandardInput"))
                .Select(access => file.At(access, $"{access} belongs into ingest/Host/Output"));

    /// <summary>Namespaces are folders; files with top-level statements have none.</summary>
    public static IEnumerable<string> Namespaces(SourceFile file)
    {
        if (!file.IsCode || file.Root.DescendantNodes().OfType<GlobalStatementSyntax>().Any()
            || !file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>().Any())
        {
            return [];
        }

        var expected = ExpectedNamespace(file.Folders);
        var declared = file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().ToList();
        return declared.Count == 0
            ? [file.At(1, $"no namespace, where {expected} is expected")]
            : declared.Where(space => space.Name.ToString() != expected)
                .Select(space => file.At(space, $"namespace {space.Name}, where {expected} is expected"));
    }

    private static string ExpectedNamespace(string[] folders) => string.Join('.', (string[])(folders switch
    {
        ["tests", "Support", .. var rest] => ["KpiStream", "Tests", "Support", .. rest],
        ["tests", .. var rest] => ["KpiStream", .. rest],
        [var top, .. var rest] => ["KpiStream", char.ToUpperInvariant(top[0]) + top[1..], .. rest],
        _ => ["KpiStream"],
    }));

    /// <summary>In the product, only ingest/Kafka knows the Kafka client.</summary>
    public static IEnumerable<string> KafkaClient(SourceFile file)
    {
        var isProduct = file.Folders is ["engine", ..] or ["ingest", not "Kafka", ..];
        if (!isProduct || !(file.IsCode || file.Path.EndsWith(".csproj")))
        {
            return [];
        }

        return file.Text.Split('\n').Index().Where(line => line.Item.Contains("Confluent"))
            .Select(line => file.At(line.Index + 1, "only ingest/Kafka may mention Confluent"));
    }

    /// <summary>Projects reference only what stands below them, and the engine nothing but MessagePack.</summary>
    public static IEnumerable<string> Projects(SourceFile file)
    {
        if (!MayReference.TryGetValue(file.Path, out var allowed))
        {
            return file.Path.EndsWith(".csproj")
                && file.Folders is ["engine" or "ingest", ..] ? [file.At(1, "a project the rules do not know")] : [];
        }

        var project = XDocument.Parse(file.Text);
        var wrong = project.Descendants("ProjectReference").Select(item => item.Attribute("Include")!.Value)
            .Where(path => !allowed.Contains(path.Split('/', '\\')[^1], StringComparer.Ordinal));
        var packages = file.Path == "engine/Engine.csproj" ? project.Descendants("PackageReference").Select(item => item.Attribute("Include")!.Value)
            .Where(name => name != "MessagePack")
            : [];
        return wrong.Concat(packages).Select(name => file.At(1, $"may not reference {name}"));
    }
}
