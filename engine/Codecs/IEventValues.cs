namespace KpiStream.Engine.Codecs;

/// <summary>What a record says of a key.</summary>
internal enum Statement : byte
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>That the fact is cleared.</summary>
    Null,

    /// <summary>A value, legal or not.</summary>
    Value,
}

/// <summary>
/// The values of one scanned record, whatever its form: what <see cref="EventJudge"/> asks for. Every <c>Try</c> is false when the value has the
/// wrong type, is no word of its list, is out of range or too long. Implementations are views of the record's bytes and live for one call.
/// </summary>
internal interface IEventValues
{
    /// <summary>False when <c>v</c> is stated and is not the integer 1.</summary>
    bool IsVersionOne { get; }

    Statement Of(CaseKey key);

    /// <summary>The key's name in reject reasons: the native one, or the payload's own.</summary>
    string NameOf(CaseKey key);

    /// <summary>The text of <c>source</c>, <c>procedure</c>, <c>field</c>, <c>receiving</c> or <c>handling</c>.</summary>
    /// <param name="room">Exactly the longest legal text.</param>
    /// <param name="written">Bytes of text.</param>
    bool TryText(CaseKey key, Span<byte> room, out int written);

    /// <summary>The pseudonym of <c>case</c> or <c>parent</c>; the default for an empty text.</summary>
    bool TryCase(CaseKey key, out CaseId id);

    /// <summary>An instant in milliseconds since 1970 UTC, from 2000 to 2099.</summary>
    bool TryInstant(CaseKey key, out long millis);

    /// <summary>An integer of 64 bits with a sign; its bounds are the judge's business.</summary>
    bool TryInteger(CaseKey key, out long value);

    /// <summary>A word's code, see <see cref="Words"/>.</summary>
    bool TryWord(CaseKey key, Words words, out int code);

    bool TryFlag(CaseKey key, out bool value);
}
