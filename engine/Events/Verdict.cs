namespace KpiStream.Engine.Events;

/// <summary>Why a record was rejected, in order of precedence.</summary>
public enum RejectReason : byte
{
    None, TooLarge, Malformed, UnsupportedVersion, Missing, BadValue, FromTheFuture, UnknownSource,
}

/// <summary>What became of a record: accepted, or rejected for one reason and, where the reason has one, one key.</summary>
/// <param name="Reason"><see cref="RejectReason.None"/> when accepted.</param>
/// <param name="Key">
/// The key's name for <see cref="RejectReason.Missing"/> and <see cref="RejectReason.BadValue"/>: a native one, or one of a payload that a source
/// profile lists. Never anything read from a record; so there are few different verdicts.
/// </param>
public readonly record struct Verdict(RejectReason Reason, string? Key = null) : IComparable<Verdict>
{
    // By RejectReason.
    private static readonly string[] Names =
        ["accepted", "too_large", "malformed", "unsupported_version", "missing", "bad_value", "from_the_future", "unknown_source"];

    public static Verdict Accepted => default;

    public bool IsAccepted => Reason == RejectReason.None;

    public static Verdict Missing(CaseKey key) => new(RejectReason.Missing, CaseKeys.NameOf(key));

    public static Verdict BadValue(CaseKey key) => BadValue(CaseKeys.NameOf(key));

    /// <param name="key">A name from the program or its configuration.</param>
    public static Verdict BadValue(string key) => new(RejectReason.BadValue, key);

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else, and for an acceptance.</summary>
    public static bool TryParse(string text, out Verdict verdict)
    {
        var parts = text.Split(':', 2);
        var reason = (RejectReason)Math.Max(0, Array.IndexOf(Names, parts[0]));
        verdict = new Verdict(reason, parts.Length > 1 ? parts[1] : null);
        return reason != RejectReason.None && parts.Length > 1 == reason is RejectReason.Missing or RejectReason.BadValue;
    }

    /// <summary>The order of precedence; within a reason the native keys in their order, then payload keys by name.</summary>
    public int CompareTo(Verdict other)
    {
        var byReason = Reason.CompareTo(other.Reason);
        var byPlace = byReason != 0 ? byReason : CaseKeys.PlaceOf(Key).CompareTo(CaseKeys.PlaceOf(other.Key));
        return byPlace != 0 ? byPlace : string.CompareOrdinal(Key, other.Key);
    }

    public static bool operator <(Verdict left, Verdict right) => left.CompareTo(right) < 0;

    public static bool operator >(Verdict left, Verdict right) => left.CompareTo(right) > 0;

    public static bool operator <=(Verdict left, Verdict right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Verdict left, Verdict right) => left.CompareTo(right) >= 0;

    /// <summary>The reason as dead letters, metrics and reports write it, like <c>bad_value:fee</c>.</summary>
    public override string ToString() =>
        Reason is RejectReason.Missing or RejectReason.BadValue ? $"{Names[(int)Reason]}:{Key}" : Names[(int)Reason];
}
