using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Pointers stay in small folders whose README says why each use is safe.</summary>
internal static class UnsafeRules
{
    private static readonly string[] Folders = ["ingest/Kafka/Native"];

    /// <summary>No other folder says <c>unsafe</c>.</summary>
    public static IEnumerable<string> Keyword(SourceFile file)
    {
        if (!file.IsCode || Folders.Contains(string.Join('/', file.Folders), StringComparer.Ordinal))
        {
            return [];
        }

        return file.Root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.UnsafeKeyword))
            .Select(token => file.At(token.Parent!, $"unsafe code belongs into {string.Join(" or ", Folders)}"));
    }
}
