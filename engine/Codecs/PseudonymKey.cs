namespace KpiStream.Engine.Codecs;

/// <summary>
/// The secret that turns case codes into pseudonyms (spec section 2). Who holds it can find a case by its code; who does not,
/// cannot, though figures and fingerprints under the same key stay comparable.
/// </summary>
public sealed class PseudonymKey
{
    /// <summary>What <c>replay</c> and <c>recount</c> use unless told otherwise: they keep nothing, so nothing needs hiding.</summary>
    public static readonly PseudonymKey Fixed = new("KpiStream replay"u8);

    private readonly SipHash hash;

    /// <param name="key">Sixteen bytes.</param>
    public PseudonymKey(ReadOnlySpan<byte> key) => hash = new SipHash(key);

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
