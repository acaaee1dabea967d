using System.Text.Json;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Walks over the items of a list in a payload that has been found legal, and finds in each the values of a few keys. Items must be objects.
/// Tokens point into the list's own bytes.
/// </summary>
internal ref struct PayloadItems
{
    private readonly PayloadKeys keys;
    private readonly Span<JsonToken> tokens;
    private Utf8JsonReader reader;

    /// <param name="list">The value's bytes.</param>
    /// <param name="kind">What the value is; anything but an array is no list.</param>
    /// <param name="keys">What to look for in every item.</param>
    /// <param name="tokens">One per key, overwritten by every item.</param>
    public PayloadItems(ReadOnlySpan<byte> list, JsonTokenKind kind, PayloadKeys keys, Span<JsonToken> tokens)
    {
        this.keys = keys;
        this.tokens = tokens[..keys.Count];
        reader = new Utf8JsonReader(list);
        IsSound = kind == JsonTokenKind.Nested && reader.Read() && reader.TokenType == JsonTokenType.StartArray;
    }

    /// <summary>False when the value is no list, or an item met so far is no object.</summary>
    public bool IsSound { get; private set; }

    /// <summary>True when an object or array is a list without items.</summary>
    public static bool IsEmptyList(ReadOnlySpan<byte> value)
    {
        var ahead = new Utf8JsonReader(value);
        return ahead.Read() && ahead.TokenType == JsonTokenType.StartArray && ahead.Read() && ahead.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>Finds the keys of the next item; false at the end or when the list is not sound.</summary>
    public bool MoveNext()
    {
        if (!IsSound || !reader.Read() || reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        IsSound = reader.TokenType == JsonTokenType.StartObject;
        if (IsSound)
        {
            tokens.Clear();
            JsonScanner.ScanMembers(ref reader, keys, tokens);
        }

        return IsSound;
    }
}
