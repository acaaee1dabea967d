using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KpiStream.Engine.Tests.Architecture;

/// <summary>Pointers stay in small folders whose README says why each use is safe.</summary>
internal static class UnsafeRules
{
    private static readonly string[] Folders = ["ingest/Kafka/Native"];

    private static readonly string[] UncheckedFolders = [.. Folders, "engine/Codecs/Fast"];
    private static readonly string[] Unchecked =
        ["Unsafe", "LoadUnsafe", "StoreUnsafe", "CreateSpan", "CreateReadOnlySpan", "GetReference", "GetArrayDataReference"];

    /// <summary>References that are moved, and spans made of them, check no bounds: they stay in folders of that kind too.</summary>
    public static IEnumerable<string> Reading(SourceFile file)
    {
        if (!file.IsCode || file.Folders is not ["engine" or "ingest", ..] || UncheckedFolders.Contains(string.Join('/', file.Folders), StringComparer.Ordinal))
        {
            return [];
        }

        return file.Root.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && Unchecked.Contains(token.ValueText, StringComparer.Ordinal) && !AsksForASize(token))
            .Select(token => file.At(token.Parent!, $"{token.ValueText} belongs into {string.Join(" or ", UncheckedFolders)}"));
    }

    /// <summary><c>Unsafe.SizeOf</c> reads nothing.</summary>
    private static bool AsksForASize(SyntaxToken token) => token.GetNextToken().GetNextToken().ValueText == "SizeOf";

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
