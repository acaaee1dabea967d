using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Who may know whom: projects, namespaces, threads, the console and the Kafka client. Folders: <see cref="FolderRules"/>.</summary>
internal static class DependencyRules
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["engine/Engine.csproj"] = [],
        ["ingest/Sources/Sources.csproj"] = ["Engine.csproj"],
        ["ingest/Kafka/Kafka.csproj"] = ["Engine.csproj", "Sources.csproj"],
        ["ingest/Host/Host.csproj"] = ["Engine.csproj", "Sources.csproj", "Kafka.csproj"],
        ["bench/Bench.csproj"] = ["Engine.csproj", "Sources.csproj"],
    };

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
