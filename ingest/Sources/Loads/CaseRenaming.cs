namespace KpiStream.Ingest.Sources.Loads;

/// <summary>Gives the cases of a copy names of their own: the same case the same name, two cases two names.</summary>
public static class CaseRenaming
{
    /// <summary>The case in a copy; the case itself in the original, and no case stays none.</summary>
    /// <param name="copy">0 for the original.</param>
    public static CaseId Of(CaseId id, long copy) => copy == 0 || id == default
        ? id : Named(new CaseId(Mix(id.Hi ^ (0x9E3779B97F4A7C15 * (ulong)copy)), Mix(id.Lo + (0xD1B54A32D192ED03 * (ulong)copy))));

    private static CaseId Named(CaseId id) => id == default ? new CaseId(0, 1) : id;

    // The finalizer of splitmix64: each step can be undone, so no two numbers become one.
    private static ulong Mix(ulong mixed)
    {
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
