namespace KpiStream.Engine.Codecs;

/// <summary>How MessagePack records are told from JSON (spec section 2).</summary>
public static class MessagePackForm
{
    /// <summary>True for the first byte of a map or an array; JSON begins with none of them.</summary>
    public static bool Begins(byte first) => MessagePackCode.BeginsMap(first) || MessagePackCode.BeginsArray(first);
}
