namespace KpiStream.Engine.Kpis;

/// <summary>
/// The boolean facts of a case that rules may name, one bit each in a condition word.
/// Rules name the kinds by their <c>kind</c> and the lists as <c>in:</c> and the list's name; which list is which bit says the rulebook.
/// </summary>
public enum Condition
{
    Done, ReturnedResult, Refused, Withdrawn, Stopped, Accepted, Open, Paused, Waiting, Online, ByPost, AtCounter,
    FeeDue, Paid, PaidNational, PaidOnline, ResultElectronic, ResultPaper, ResultNeeded, Signed, ReturnedRemotely,
    NoPresence, ComponentsSigned, ResultDigitised, Stored, ResultSynced, Digitised, Reused, VNeId, Synced, Rated, Satisfied,
    Linked, CertifiedCopy, OnTime, SameDay, HasDue, NonBoundary,
    KindCase, KindFeedback, KindPublication,

    /// <summary>On the rulebook's first list; the bits of the others follow, up to <see cref="Rulebook.MaxLists"/>.</summary>
    FirstList,
}

/// <summary>The conditions' names as a rulebook writes them.</summary>
public static class Conditions
{
    /// <summary>Bits a condition word uses, all lists included.</summary>
    public const int Count = (int)Condition.FirstList + Rulebook.MaxLists;

    /// <summary>What the name of a list's condition begins with.</summary>
    public const string ListPrefix = "in:";

    private static readonly string[] NamesInOrder =
    [
        "done", "returned_result", "refused", "withdrawn", "stopped", "accepted", "open", "paused", "waiting", "online", "by_post", "at_counter",
        "fee_due", "paid", "paid_national", "paid_online", "result_electronic", "result_paper", "result_needed", "signed", "returned_remotely",
        "no_presence", "components_signed", "result_digitised", "stored", "result_synced", "digitised", "reused", "vneid", "synced", "rated", "satisfied",
        "linked", "certified_copy", "on_time", "same_day", "has_due", "non_boundary",
        "kind_case", "kind_feedback", "kind_publication",
    ];

    /// <summary>The names any rulebook may use, in the order of their bits; those of its lists come besides.</summary>
    public static IReadOnlyList<string> Names => NamesInOrder[..(int)Condition.KindCase];

    /// <summary>The name of a condition that is not a list's: for those ask <see cref="Rulebook.NameOf"/>.</summary>
    public static string NameOf(Condition condition) => NamesInOrder[(int)condition];

    /// <summary>
    /// Finds a condition by the name a rulebook uses; lists are found by <see cref="Rulebook.NameOf"/>'s inverse, the reader of the rulebook.
    /// </summary>
    public static bool TryFind(string name, out Condition condition)
    {
        var index = Array.IndexOf(NamesInOrder, name);
        condition = (Condition)index;
        return index is >= 0 and < (int)Condition.KindCase;
    }
}
