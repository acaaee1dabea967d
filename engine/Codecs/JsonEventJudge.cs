using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// The meaning of a scanned JSON record: checks the last value of every known key in the table's order and builds the event
/// (spec section 2). Codes are interned only once the whole event is accepted, so rejected records leave nothing behind.
/// </summary>
public sealed class JsonEventJudge(CodeBook codes, PseudonymKey key, DecodeLimits limits)
{
    /// <summary>One slot per known key in <see cref="CaseKey"/> order, and one for <c>v</c>.</summary>
    public const int TokenCount = CaseKeys.Count + 1;

    public const int VersionSlot = CaseKeys.Count;

    private const long MaxFee = 1_000_000_000_000;
    private const int LongestKeyBytes = 10; // "procedure" has 9
    private const int EscapeBytes = 6; // \u0061

    private readonly TextSlots texts = new();
    private readonly byte[] shortText = new byte[InstantText.LongestBytes];
    private readonly HashSet<int> knownSources = [.. limits.KnownSources.Select(codes.Sources.Intern)];

    /// <summary>The slot a key's name belongs to; -1 for unknown keys, whose values are not looked at.</summary>
    /// <param name="name">The name as it stands between the quotes.</param>
    /// <param name="escaped">True when the name has escapes.</param>
    public static int SlotOf(ReadOnlySpan<byte> name, bool escaped)
    {
        if (!escaped)
        {
            return SlotOf(name);
        }

        Span<byte> plain = stackalloc byte[LongestKeyBytes * EscapeBytes];
        return name.Length <= plain.Length && JsonText.TryUnescape(name, plain, out var written) ? SlotOf(plain[..written]) : -1;
    }

    private static int SlotOf(ReadOnlySpan<byte> name)
    {
        if (name is [(byte)'v'])
        {
            return VersionSlot;
        }

        return CaseKeys.TryFind(name, out var found) ? (int)found : -1;
    }

    /// <summary>Judges the tokens; the record must have been found legal JSON.</summary>
    public Verdict Judge(ReadOnlySpan<byte> record, ReadOnlySpan<JsonToken> tokens, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        if (!IsVersionOne(record, tokens[VersionSlot]))
        {
            return new Verdict(RejectReason.UnsupportedVersion);
        }

        for (var required = CaseKey.Source; required <= CaseKey.At; required++)
        {
            if (tokens[(int)required].Kind <= JsonTokenKind.Null)
            {
                return Verdict.Missing(required);
            }
        }

        texts.Clear();
        long at = 0, seq = 0;
        for (var current = CaseKey.Source; current <= CaseKey.Parent; current++)
        {
            var token = tokens[(int)current];
            if (token.Kind == JsonTokenKind.Absent)
            {
                continue;
            }

            if (token.Kind != JsonTokenKind.Null && !TryValue(current, record, token, ref decoded.Values, ref at, ref seq))
            {
                return Verdict.BadValue(current);
            }

            decoded.Stated |= 1u << (int)current;
        }

        decoded.Stamp = new Stamp(at, seq);
        if (arrival != DecodeLimits.UnknownArrival && at > arrival + limits.FutureTolerance)
        {
            return new Verdict(RejectReason.FromTheFuture);
        }

        return Finish(ref decoded);
    }

    private Verdict Finish(ref CaseEvent decoded)
    {
        ref var values = ref decoded.Values;
        if (knownSources.Count > 0 && !knownSources.Contains(codes.Sources.Find(texts[CaseKey.Source])))
        {
            return new Verdict(RejectReason.UnknownSource);
        }

        values.Source = codes.Sources.Intern(texts[CaseKey.Source]);
        values.Procedure = codes.Procedures.Intern(texts[CaseKey.Procedure]);
        values.Field = codes.Fields.Intern(texts[CaseKey.Field]);
        values.Receiving = codes.Units.Intern(texts[CaseKey.Receiving]);
        values.Handling = codes.Units.Intern(texts[CaseKey.Handling]);
        values.Parent = texts[CaseKey.Parent].IsEmpty ? default : key.Of(texts[CaseKey.Parent]);
        decoded.Case = key.Of(texts[CaseKey.Case]);
        decoded.Stated &= CaseKeys.Registers;
        return Verdict.Accepted;
    }

    private static bool IsVersionOne(ReadOnlySpan<byte> record, JsonToken token) =>
        token.Kind <= JsonTokenKind.Null
        || (token.Kind == JsonTokenKind.Number && record.Slice(token.Start, token.Length) is [(byte)'1']);

    private bool TryValue(CaseKey current, ReadOnlySpan<byte> record, JsonToken token, ref Registers values, ref long at, ref long seq)
    {
        var bytes = record.Slice(token.Start, token.Length);
        switch (current)
        {
            case CaseKey.Source:
            case CaseKey.Case:
                return texts.TryPut(current, bytes, token) && !texts[current].IsEmpty;
            case CaseKey.Procedure or CaseKey.Field or CaseKey.Receiving or CaseKey.Handling or CaseKey.Parent:
                return texts.TryPut(current, bytes, token);
            case CaseKey.At:
                return TryInstant(bytes, token, out at);
            case CaseKey.Filed:
                return TryInstant(bytes, token, out values.Filed);
            case CaseKey.Accepted:
                return TryInstant(bytes, token, out values.Accepted);
            case CaseKey.Due:
                return TryInstant(bytes, token, out values.Due);
            case CaseKey.Ended:
                return TryInstant(bytes, token, out values.Ended);
            case CaseKey.Seq:
                return TryInteger(bytes, token, 0, long.MaxValue, out seq);
            case CaseKey.Fee:
                var isFee = TryInteger(bytes, token, 0, MaxFee, out var fee);
                values.FeePlusOne = fee + 1;
                return isFee;
            default:
                return TryPacked(current, bytes, token, ref values);
        }
    }

    private bool TryPacked(CaseKey current, ReadOnlySpan<byte> bytes, JsonToken token, ref Registers values)
    {
        if (current == CaseKey.Status)
        {
            var isStatus = TryInteger(bytes, token, 1, 10, out var status);
            values.SetPacked(CaseKey.Status, (int)status);
            return isStatus;
        }

        if (Words.Of(current) is { } words)
        {
            var isWord = TryPlain(token, ref bytes) & words.TryCode(bytes, out var code);
            values.SetPacked(current, code);
            return isWord;
        }

        values.SetPacked(current, token.Kind == JsonTokenKind.True ? WordLayout.True : WordLayout.False);
        return token.Kind is JsonTokenKind.True or JsonTokenKind.False;
    }

    private bool TryInstant(ReadOnlySpan<byte> bytes, JsonToken token, out long millis)
    {
        millis = 0;
        return TryPlain(token, ref bytes) && InstantText.TryParse(bytes, out millis);
    }

    /// <summary>Replaces a string's bytes by its text; false when it is no string, or longer than any instant or word.</summary>
    private bool TryPlain(JsonToken token, ref ReadOnlySpan<byte> bytes)
    {
        if (token.Kind != JsonTokenKind.String || !token.Escaped)
        {
            return token.Kind == JsonTokenKind.String;
        }

        var fits = JsonText.TryUnescape(bytes, shortText, out var written);
        bytes = shortText.AsSpan(0, written);
        return fits;
    }

    private static bool TryInteger(ReadOnlySpan<byte> bytes, JsonToken token, long least, long most, out long value)
    {
        value = 0;
        if (token.Kind != JsonTokenKind.Number)
        {
            return false;
        }

        // Legal JSON numbers have no leading zeros, so a fraction or an exponent is the only other thing that can be left over.
        var isInteger = System.Buffers.Text.Utf8Parser.TryParse(bytes, out value, out var read) && read == bytes.Length;
        return isInteger && value >= least && value <= most;
    }
}
