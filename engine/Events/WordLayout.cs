namespace KpiStream.Engine.Events;

/// <summary>
/// Where status, words and flags lie in <see cref="Registers.Packed"/>. A new field goes behind the others, so that checkpoints of before stay readable.
/// </summary>
public static class WordLayout
{
    /// <summary>The bits that are used.</summary>
    public const int Bits = 42;

    /// <summary>A stated flag's packed values.</summary>
    public const int False = 1;

    /// <inheritdoc cref="False"/>
    public const int True = 2;

    // status 1-10 needs 4 bits; a vocabulary of n words needs room for n + 1; a flag needs null, false, true.
    private static readonly (CaseKey Key, int Bits)[] Fields =
    [
        (CaseKey.Status, 4), (CaseKey.Kind, 2), (CaseKey.Channel, 2), (CaseKey.PaidVia, 3), (CaseKey.Result, 3), (CaseKey.Returned, 3),
        (CaseKey.Presence, 3), (CaseKey.Waived, 2), (CaseKey.Signed, 2), (CaseKey.Digitised, 2), (CaseKey.Reused, 2), (CaseKey.VNeId, 2),
        (CaseKey.Synced, 2), (CaseKey.Satisfied, 2),
        (CaseKey.ComponentsSigned, 2), (CaseKey.ResultDigitised, 2), (CaseKey.Stored, 2), (CaseKey.ResultSynced, 2),
    ];

    private static readonly byte[] Shifts = new byte[CaseKeys.Count];
    private static readonly byte[] Masks = new byte[CaseKeys.Count];

    static WordLayout()
    {
        var shift = 0;
        foreach (var (key, bits) in Fields)
        {
            Shifts[(int)key] = (byte)shift;
            Masks[(int)key] = (byte)((1 << bits) - 1);
            shift += bits;
        }
    }

    /// <summary>True for keys whose packed value is a flag.</summary>
    public static bool IsFlag(CaseKey key) => Holds(key) && key != CaseKey.Status && Words.Of(key) is null;

    /// <summary>True for keys whose value lives in the packed word.</summary>
    public static bool Holds(CaseKey key) => Masks[(int)key] != 0;

    internal static int ShiftOf(CaseKey key) => Shifts[(int)key];

    internal static uint MaskOf(CaseKey key) => Masks[(int)key];
}
