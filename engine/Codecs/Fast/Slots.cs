namespace KpiStream.Engine.Codecs.Fast;

/// <summary>What may stand at a place of a record: a known key by its <see cref="CaseKey"/>, or one of these.</summary>
internal static class Slots
{
    public const int Version = CaseKeys.Count;

    public const int Unknown = Version + 1;

    /// <summary>The closing brace.</summary>
    public const int End = Version + 2;

    /// <summary>The opening brace.</summary>
    public const int Start = Version + 3;

    public const int Count = Version + 4;

    /// <summary>The bits of the keys that the judge has to see when they are repeated: all that are known.</summary>
    public const ulong Once = (1UL << Unknown) - 1;

    /// <summary>The slot of a key's name in UTF-8, unescaped.</summary>
    public static int Of(ReadOnlySpan<byte> name) => default(JsonScanner.NativeKeys).SlotOf(name) is >= 0 and var slot ? slot : Unknown;
}
