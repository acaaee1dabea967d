namespace KpiStream.Engine.Events;

/// <summary>Why a record was rejected, in order of precedence (spec section 2).</summary>
public enum RejectReason : byte
{
    None, TooLarge, Malformed, UnsupportedVersion, Missing, BadValue, FromTheFuture, UnknownSource,
}

/// <summary>What became of a record: accepted, or rejected for one reason and, where the reason has one, one key.</summary>
/// <param name="Reason"><see cref="RejectReason.None"/> when accepted.</param>
/// <param name="Key">The key for <see cref="RejectReason.Missing"/> and <see cref="RejectReason.BadValue"/>.</param>
public readonly record struct Verdict(RejectReason Reason, CaseKey Key = default)
{
    /// <summary>The number of different verdicts <see cref="Index"/> can give.</summary>
    public const int IndexCount = ((int)RejectReason.UnknownSource + 1) * CaseKeys.Count;

    public static Verdict Accepted => default;

    public bool IsAccepted => Reason == RejectReason.None;

    /// <summary>A small dense number, for counting verdicts in an array.</summary>
    public int Index => ((int)Reason * CaseKeys.Count) + (int)Key;

    public static Verdict FromIndex(int index) => new((RejectReason)(index / CaseKeys.Count), (CaseKey)(index % CaseKeys.Count));

    public static Verdict Missing(CaseKey key) => new(RejectReason.Missing, key);

    public static Verdict BadValue(CaseKey key) => new(RejectReason.BadValue, key);

    /// <summary>The reason as dead letters, metrics and reports write it, like <c>bad_value:fee</c>.</summary>
    public override string ToString() => Reason switch
    {
        RejectReason.None => "accepted",
        RejectReason.TooLarge => "too_large",
        RejectReason.Malformed => "malformed",
        RejectReason.UnsupportedVersion => "unsupported_version",
        RejectReason.Missing => "missing:" + CaseKeys.NameOf(Key),
        RejectReason.BadValue => "bad_value:" + CaseKeys.NameOf(Key),
        RejectReason.FromTheFuture => "from_the_future",
        _ => "unknown_source",
    };
}
