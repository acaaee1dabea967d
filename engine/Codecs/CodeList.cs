namespace KpiStream.Engine.Codecs;

/// <summary>
/// A source's own codes and what they mean. A code matches as text, however JSON writes it: <c>2</c> and <c>"2"</c> are the same code,
/// and so are <c>true</c> and <c>"true"</c>.
/// </summary>
/// <param name="codes">Every code and its meaning.</param>
/// <param name="whenNull">What null means; null when it clears the fact.</param>
public sealed class CodeList(IEnumerable<KeyValuePair<string, int>> codes, int? whenNull = null)
{
    private readonly (byte[] Code, int Meaning)[] codes = [.. codes.Select(pair => (Encoding.UTF8.GetBytes(pair.Key), pair.Value))];

    /// <summary>What null means; null when it clears the fact.</summary>
    public int? WhenNull { get; } = whenNull;

    /// <summary>The longest code in bytes.</summary>
    public int LongestBytes => codes.Length == 0 ? 0 : codes.Max(entry => entry.Code.Length);

    /// <summary>Looks a code up; lists are a few dozen entries long at most.</summary>
    public bool TryFind(ReadOnlySpan<byte> code, out int meaning)
    {
        foreach (var (known, means) in codes)
        {
            if (code.SequenceEqual(known))
            {
                meaning = means;
                return true;
            }
        }

        meaning = 0;
        return false;
    }
}
