namespace KpiStream.Engine.Codecs;

/// <summary>The forms in which payloads write instants. Where a form has no offset, the time is Viet Nam's, UTC+7.</summary>
[Flags]
public enum DateForms
{
    None = 0,

    /// <summary><c>20250715103000</c></summary>
    Compact = 1,

    /// <summary><c>2025-07-15 10:30:00</c></summary>
    Spaced = 2,

    /// <summary>ISO 8601 as in RFC 3339, the offset optional: <c>2025-07-15T10:30:00</c>, <c>2025-07-15T03:30:00.5Z</c></summary>
    Iso = 4,

    /// <summary><c>15/07/2025 10:30:00</c></summary>
    Slashed = 8,

    /// <summary>An empty text is null.</summary>
    Empty = 16,
}

/// <summary>Reads instants in the forms of <see cref="DateForms"/>, by writing them as RFC 3339 and reading that.</summary>
internal static class DateText
{
    private const int SecondsLength = 19; // 2025-07-15T10:30:00

    private static ReadOnlySpan<byte> LocalOffset => "+07:00"u8;

    /// <summary>False when the text has none of the forms or is no instant that events may carry.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, DateForms forms, out long millis)
    {
        millis = 0;
        Span<byte> instant = stackalloc byte[InstantText.LongestBytes];
        var length = Rewrite(text, forms, instant);
        return length > 0 && InstantText.TryParse(instant[..length], out millis);
    }

    /// <summary>The text as RFC 3339; 0 when its outline has none of the forms. Whether the digits are digits is seen later.</summary>
    private static int Rewrite(ReadOnlySpan<byte> t, DateForms forms, Span<byte> instant)
    {
        if (t.Length == 14 && forms.HasFlag(DateForms.Compact))
        {
            return Put(instant, t[..4], t[4..6], t[6..8], t[8..10], t[10..12], t[12..]);
        }

        if (t.Length == SecondsLength && t[10] == ' ' && t[13] == ':' && t[16] == ':')
        {
            if (t[4] == '-' && t[7] == '-' && forms.HasFlag(DateForms.Spaced))
            {
                return Put(instant, t[..4], t[5..7], t[8..10], t[11..13], t[14..16], t[17..]);
            }

            return t[2] == '/' && t[5] == '/' && forms.HasFlag(DateForms.Slashed)
                ? Put(instant, t[6..10], t[3..5], t[..2], t[11..13], t[14..16], t[17..])
                : 0;
        }

        return forms.HasFlag(DateForms.Iso) ? PutIso(instant, t) : 0;
    }

    private static int PutIso(Span<byte> instant, ReadOnlySpan<byte> t)
    {
        // An offset ends in Z, or has its sign six characters before the end; a date's own dashes stand further ahead.
        var hasOffset = t.Length > SecondsLength && (t[^1] == 'Z' || t[^6] is (byte)'+' or (byte)'-');
        var length = t.Length + (hasOffset ? 0 : LocalOffset.Length);
        if (t.Length < SecondsLength || length > instant.Length)
        {
            return 0;
        }

        t.CopyTo(instant);
        LocalOffset[..(length - t.Length)].CopyTo(instant[t.Length..]);
        return length;
    }

    private static int Put(
        Span<byte> instant, ReadOnlySpan<byte> year, ReadOnlySpan<byte> month, ReadOnlySpan<byte> day, ReadOnlySpan<byte> hour, ReadOnlySpan<byte> minute,
            ReadOnlySpan<byte> second)
    {
        "0000-00-00T00:00:00"u8.CopyTo(instant);
        year.CopyTo(instant);
        month.CopyTo(instant[5..]);
        day.CopyTo(instant[8..]);
        hour.CopyTo(instant[11..]);
        minute.CopyTo(instant[14..]);
        second.CopyTo(instant[17..]);
        LocalOffset.CopyTo(instant[SecondsLength..]);
        return SecondsLength + LocalOffset.Length;
    }
}
