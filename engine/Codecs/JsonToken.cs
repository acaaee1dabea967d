namespace KpiStream.Engine.Codecs;

/// <summary>What kind of value a key has.</summary>
public enum JsonTokenKind : byte
{
    /// <summary>The key is absent.</summary>
    Absent, Null, False, True, Number, String,

    /// <summary>An object or array: legal, and the wrong type for every known key.</summary>
    Nested,
}

/// <summary>Where the last value of a known key stands in the record: what a scanner hands to the <see cref="JsonEventJudge"/>.</summary>
public readonly struct JsonToken(JsonTokenKind kind, int start, int length, bool escaped)
{
    public JsonTokenKind Kind { get; } = kind;

    /// <summary>The first byte of the number, or of the string's inside.</summary>
    public int Start { get; } = start;

    public int Length { get; } = length;

    /// <summary>True when the string has escapes to resolve.</summary>
    public bool Escaped { get; } = escaped;
}
