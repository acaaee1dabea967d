using System.Globalization;

namespace KpiStream.Engine.Events;

/// <summary>
/// A case's pseudonym: 128 bits, ordered as its 16 bytes are. The default value stands for "no case" (a null parent).
/// </summary>
/// <param name="Hi">The first eight bytes, most significant first.</param>
/// <param name="Lo">The last eight bytes, most significant first.</param>
public readonly record struct CaseId(ulong Hi, ulong Lo) : IComparable<CaseId>
{
    public int CompareTo(CaseId other)
    {
        var high = Hi.CompareTo(other.Hi);
        return high != 0 ? high : Lo.CompareTo(other.Lo);
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else, the value that means "no case" included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CaseId id)
    {
        id = default;
        if (text.Length == 32 && ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hi)
            && ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lo))
        {
            id = new CaseId(hi, lo);
        }

        return id != default;
    }

    /// <summary>The pseudonym in 32 hexadecimal digits.</summary>
    public override string ToString() => $"{Hi:x16}{Lo:x16}";
}
