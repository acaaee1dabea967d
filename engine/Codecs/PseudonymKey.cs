namespace KpiStream.Engine.Codecs;

/// <summary>
/// The secret that turns case codes into pseudonyms. Who holds it can find a case by its code; who does not,
/// cannot, though figures and fingerprints under the same key stay comparable.
/// </summary>
public sealed class PseudonymKey
{
    /// <summary>What <c>replay</c> and <c>recount</c> use unless told otherwise: they keep nothing, so nothing needs hiding.</summary>
    public static readonly PseudonymKey Fixed = new("KpiStream replay"u8);

    /// <summary>
    /// For text that holds pseudonyms already, written as 32 lower-case hexadecimal digits, as a converted recording does: they are taken as they are.
    /// Never to be used on what a case system sends.
    /// </summary>
    public static readonly PseudonymKey Applied = new(new byte[SipHash.KeyBytes], isApplied: true);

    private readonly SipHash hash;
    private readonly bool isApplied;

    /// <param name="key">Sixteen bytes.</param>
    public PseudonymKey(ReadOnlySpan<byte> key)
        : this(key, isApplied: false)
    {
    }

    private PseudonymKey(ReadOnlySpan<byte> key, bool isApplied)
    {
        hash = new SipHash(key);
        this.isApplied = isApplied;
    }

    /// <summary>
    /// Tells keys apart without telling anything of them: 16 hexadecimal digits, half of a hash under the key. Recordings carry it, because pseudonyms
    /// made under two keys are two cases.
    /// </summary>
    public string Id => $"{hash.Hash("KpiStream pseudonym key id"u8).Hi:x16}";

    /// <summary>
    /// The pseudonym of a text as it stands in an event; the default for an empty one. False only where pseudonyms were promised and it is none.
    /// </summary>
    public bool TryName(ReadOnlySpan<byte> code, out Events.CaseId id)
    {
        if (isApplied)
        {
            return Events.CaseId.TryParse(code, out id) || code.IsEmpty;
        }

        id = code.IsEmpty ? default : Of(code);
        return true;
    }

    /// <summary>The pseudonym of a case code. The one value that means "no case" is never given out.</summary>
    /// <param name="code">The code's UTF-8 bytes, unescaped.</param>
    public Events.CaseId Of(ReadOnlySpan<byte> code)
    {
        var id = hash.Hash(code);
        return id == default ? new Events.CaseId(0, 1) : id;
    }

    /// <summary>Reads a key written as 32 hexadecimal digits; surrounding white space is allowed.</summary>
    public static bool TryParse(string text, out PseudonymKey key)
    {
        var hex = text.AsSpan().Trim();
        Span<byte> bytes = stackalloc byte[SipHash.KeyBytes];
        var valid = hex.Length == 2 * SipHash.KeyBytes
            && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        key = valid ? new PseudonymKey(bytes) : Fixed;
        return valid;
    }
}
