using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>
/// Which folder imports which: usings, qualified names, and types that need no using, of an enclosing folder or one that is imported everywhere. Names are
/// read, not bound: such a type counts where its bare name stands where a type or a static receiver can.
/// </summary>
internal static class FolderRules
{
    /// <summary>The folders of engine/, lowest first, each with its inner ones; a folder imports only what stands before it.</summary>
    public static readonly string[] EngineFolders =
        ["Time", "Events", "Arrivals", "Codecs", "Cases", "Units", "Kpis", "Windowing", "Alerts", "Boards", "Reconciliation", "Snapshots", "Pipeline"];

    /// <summary>The folders of ingest/Host, lowest first; a folder imports only what stands before it.</summary>
    private static readonly string[] HostFolders =
    [
        "Plans", "Output/DeadLetters", "Output", "State", "Runs", "Serving/Alerts", "Serving/Alerts/Delivery", "Serving/SelfChecks", "Serving/Liveness",
            "Serving/Boards",
        "Serving/Metrics", "Serving/Http", "Serving/Access", "Serving/Tables", "Serving/Posting", "Serving/Api", "Serving",
        "Runs/Backtests", "Runs/Explanations", "Doctor", "Wallboard", "Runs/Load", "Commands", "",
    ];

    private const int Unlisted = int.MaxValue;

    /// <summary>The lowest folders, which the build imports everywhere: types there need no using.</summary>
    private static readonly string[] Everywhere = ["engine/Time", "engine/Events", "ingest/Host/Plans", "ingest/Host/Output"];

    /// <summary>Every folder of the engine and of ingest/Host is in its list, and no file imports a folder that stands after its own.</summary>
    public static IEnumerable<string> Order(IReadOnlyList<SourceFile> tree) => tree.Where(file => file.IsCode && RankOf(FolderOf(file)) == Unlisted)
        .Select(file => file.At(1, $"{FolderOf(file)} is not in the list of folders"))
        .Concat(Edges(tree).Where(edge => RankOf(edge.To) > RankOf(edge.From))
            .Select(edge => edge.File.At(edge.Node, $"{edge.From} may not import {edge.To}, which stands after it")));

    /// <summary>Folders of the product that import each other, over however many others. Each finding is one import of the circle.</summary>
    public static IEnumerable<string> Cycles(IReadOnlyList<SourceFile> tree)
    {
        var edges = Edges(tree).ToList();
        var next = edges.ToLookup(edge => edge.From, edge => edge.To);
        var reached = next.ToDictionary(from => from.Key, from => Reachable(from.Key, next));
        return edges.Where(edge => reached.TryGetValue(edge.To, out var back) && back.Contains(edge.From)).DistinctBy(edge => (edge.From, edge.To))
            .Select(edge => edge.File.At(edge.Node, $"{edge.From} and {edge.To} import each other"));
    }

    /// <summary>The engine's folders, then the other projects of ingest/, then those of ingest/Host.</summary>
    private static int RankOf(string folder) => folder.Split('/') switch
    {
        ["engine", var own, ..] => Array.IndexOf(EngineFolders, own) is >= 0 and var rank ? rank : Unlisted,
        ["ingest", "Host", .. var inner] => Array.IndexOf(HostFolders, string.Join('/', inner)) is >= 0 and var rank
            ? EngineFolders.Length + 1 + rank : Unlisted,
        _ => EngineFolders.Length,
    };

    private static HashSet<string> Reachable(string from, ILookup<string, string> next)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(next[from]);
        while (open.TryPop(out var folder))
        {
            if (seen.Add(folder))
            {
                foreach (var further in next[folder])
                {
                    open.Push(further);
                }
            }
        }

        return seen;
    }

    private static IEnumerable<Edge> Edges(IReadOnlyList<SourceFile> tree)
    {
        var product = tree.Where(file => file.IsCode && file.Folders is ["engine", _, ..] or ["ingest", _, ..]).ToList();
        var types = product.GroupBy(FolderOf)
            .ToDictionary(folder => folder.Key, folder => folder.SelectMany(TypesIn).ToHashSet());
        var bySpace = types.Keys.ToDictionary(SpaceOf, folder => folder);
        foreach (var file in product)
        {
            var own = FolderOf(file);
            foreach (var (node, to) in Imports(file, bySpace).Concat(Enclosing(file.Root, own, types)).Where(import => import.Folder != own))
            {
                yield return new Edge(file, node, own, to);
            }
        }
    }

    private static IEnumerable<string> TypesIn(SourceFile file) => file.Root
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<BaseTypeDeclarationSyntax>()
        .Select(type => type.Identifier.ValueText);

    /// <summary>Usings, and qualified names in code, by the longest folder that they begin with.</summary>
    private static IEnumerable<(SyntaxNode Node, string Folder)> Imports(SourceFile file, Dictionary<string, string> bySpace)
    {
        foreach (var node in file.Root.DescendantNodes())
        {
            var folder = node switch
            {
                QualifiedNameSyntax { Parent: not QualifiedNameSyntax and not BaseNamespaceDeclarationSyntax } name =>
                    FolderIn(name.ToString(), bySpace) ?? Relative(name.ToString(), FolderOf(file), bySpace),
                MemberAccessExpressionSyntax { Parent: not MemberAccessExpressionSyntax } access => FolderIn(access.ToString(), bySpace),
                _ => null,
            };
            if (folder is not null)
            {
                yield return (node, folder);
            }
        }
    }

    /// <summary>A name that begins with an inner folder of an enclosing one, like <c>Native.Drain</c>.</summary>
    private static string? Relative(string name, string own, Dictionary<string, string> bySpace)
    {
        for (var space = SpaceOf(own); space.Contains('.'); space = space[..space.LastIndexOf('.')])
        {
            if (FolderIn($"{space}.{name}", bySpace) is { } folder && SpaceOf(folder).Length > space.Length)
            {
                return folder;
            }
        }

        return null;
    }

    private static string? FolderIn(string name, Dictionary<string, string> bySpace)
    {
        for (var length = name.StartsWith("KpiStream.") ? name.Length : 0; length > 0; length = name.LastIndexOf('.', length - 1))
        {
            if (bySpace.TryGetValue(name[..length], out var folder))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>Types of enclosing folders and of those imported everywhere, by their bare names.</summary>
    private static IEnumerable<(SyntaxNode Node, string Folder)> Enclosing(SyntaxNode root, string own, Dictionary<string, HashSet<string>> types)
    {
        var outer = types.Keys.Where(folder => own.StartsWith(folder + '/') || Everywhere.Contains(folder)).ToList();
        return outer.Count == 0 ? [] : root.DescendantNodes().OfType<SimpleNameSyntax>().Where(IsBare)
            .SelectMany(name => outer.Where(folder => types[folder].Contains(name.Identifier.ValueText)).Select(folder => ((SyntaxNode)name, folder)));
    }

    /// <summary>True where a type can stand, or the receiver of a static member; variables and members stand elsewhere.</summary>
    private static bool IsBare(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        QualifiedNameSyntax qualified => qualified.Left == name,
        BinaryExpressionSyntax binary => binary.Right == name && binary.OperatorToken.ValueText is "is" or "as",
        ForEachStatementSyntax each => each.Type == name,
        CastExpressionSyntax cast => cast.Type == name,
        BaseObjectCreationExpressionSyntax or TypeOfExpressionSyntax or DefaultExpressionSyntax or DeclarationExpressionSyntax => true,
        ExpressionSyntax and not TypeSyntax => false,
        NameColonSyntax or NameEqualsSyntax or ArgumentSyntax or ArrowExpressionClauseSyntax or StatementSyntax or EqualsValueClauseSyntax
            or InterpolationSyntax or ExpressionElementSyntax => false,
        _ => true,
    };

    private static string FolderOf(SourceFile file) => string.Join('/', file.Folders);

    private static string SpaceOf(string folder) =>
        "KpiStream." + string.Join('.', folder.Split('/').Select((part, index) => index == 0 ? char.ToUpperInvariant(part[0]) + part[1..] : part));

    private sealed record Edge(SourceFile File, SyntaxNode Node, string From, string To);
}
