namespace KpiStream.Engine.Codecs;

/// <summary>What kind of value a key has.</summary>
internal enum JsonTokenKind : byte
{
    /// <summary>The key is absent.</summary>
    Absent, Null, False, True, Number, String,

    /// <summary>An object or array.</summary>
    Nested,
}

/// <summary>Where a value stands in its record: what a scanner finds and the views of values read.</summary>
internal readonly struct JsonToken(JsonTokenKind kind, int start, int length, bool escaped)
{
    public JsonTokenKind Kind { get; } = kind;

    /// <summary>The first byte of the number, of the string's inside, or of the object or array.</summary>
    public int Start { get; } = start;

    public int Length { get; } = length;

    /// <summary>True when the string has escapes to resolve.</summary>
    public bool Escaped { get; } = escaped;

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> record) => record.Slice(Start, Length);

    /// <summary>The same value, ending before a place in the record.</summary>
    public JsonToken Until(int end) => new(Kind, Start, end - Start, Escaped);
}
