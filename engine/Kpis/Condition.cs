namespace KpiStream.Engine.Kpis;

/// <summary>
/// The boolean facts of a case that rules may name (spec section 3), one bit each in a condition word.
/// The last three say of which kind the case is; rules name them by their <c>kind</c>.
/// </summary>
public enum Condition
{
    Done, ReturnedResult, Refused, Withdrawn, Stopped, Accepted, Open, Paused, Waiting, Online, ByPost, AtCounter,
    FeeDue, Paid, PaidNational, PaidOnline, ResultElectronic, ResultPaper, ResultNeeded, Signed, ReturnedRemotely,
    NoPresence, Digitised, Reused, VNeId, Synced, Rated, Satisfied, Linked, CertifiedCopy, OnTime, SameDay, HasDue,
    KindCase, KindFeedback, KindPublication,
}

/// <summary>The conditions' names as a rulebook writes them.</summary>
public static class Conditions
{
    private static readonly string[] NamesInOrder =
    [
        "done", "returned_result", "refused", "withdrawn", "stopped", "accepted", "open", "paused", "waiting", "online", "by_post", "at_counter",
        "fee_due", "paid", "paid_national", "paid_online", "result_electronic", "result_paper", "result_needed", "signed", "returned_remotely",
        "no_presence", "digitised", "reused", "vneid", "synced", "rated", "satisfied", "linked", "certified_copy", "on_time", "same_day", "has_due",
        "kind_case", "kind_feedback", "kind_publication",
    ];

    /// <summary>The names a rulebook may use, in the spec's order.</summary>
    public static IReadOnlyList<string> Names => NamesInOrder[..(int)Condition.KindCase];

    public static string NameOf(Condition condition) => NamesInOrder[(int)condition];

    /// <summary>Finds a condition by the name a rulebook uses.</summary>
    public static bool TryFind(string name, out Condition condition)
    {
        var index = Array.IndexOf(NamesInOrder, name);
        condition = (Condition)index;
        return index is >= 0 and < (int)Condition.KindCase;
    }
}
