namespace KpiStream.Tests.Support.Canaries;

/// <summary>
/// A citizen who does not exist: what payloads hold of people, each with its number in it, and each around a mark that stands nowhere else, so that
/// looking for the marks finds every one of them, whole or cut.
/// </summary>
/// <param name="Number">Tells this citizen from the others.</param>
public sealed record Canary(int Number)
{
    /// <summary>What to look for: a name with diacritics, identity and telephone numbers, a mail address, a case code.</summary>
    public static readonly IReadOnlyList<string> Marks = ["Quạ Vàng Thuỷ", "033998271", "039182736", "quavangthuy", "QUAVANG-2507"];

    public string Name => $"Nguyễn {Marks[0]} {Letters}";

    /// <summary>Twelve digits.</summary>
    public string Identity => $"{Marks[1]}{Number % 1_000:000}";

    /// <summary>Ten digits.</summary>
    public string Telephone => $"{Marks[2]}{Number % 10}";

    public string Mail => $"{Marks[3]}.{Number}@thu.example";

    /// <summary>A case code of legal length.</summary>
    public string Case => $"H31.{Marks[4]}{Number:000000000}";

    /// <summary>All of it in one text, longer than any known key may be.</summary>
    public string Everything => $"{Name}, {Identity}, {Telephone}, {Mail}, {Case}";

    private string Letters => string.Concat($"{Number}".Select(digit => (char)('a' + (digit - '0'))));
}
