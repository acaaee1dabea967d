using System.Runtime.CompilerServices;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// A dead letter that may wait in a queue: what <see cref="DeadLetter"/> says, and when it was said. About 100 bytes, no references of its own.
/// </summary>
internal readonly struct NotedLetter(in DeadLetter letter, long notedAt)
{
    private readonly Hash hash = Hash.Of(letter.Sha256);

    public string Source { get; } = letter.Source;

    public Verdict Verdict { get; } = letter.Verdict;

    public SourcePosition Position { get; } = letter.Position;

    /// <summary>Milliseconds since 1970 UTC; <see cref="long.MinValue"/> when unknown.</summary>
    public long Arrival { get; } = letter.Arrival;

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long NotedAt { get; } = notedAt;

    public long Length { get; } = letter.Length;

    /// <summary>The SHA-256 in 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash);

    [InlineArray(32)]
    private struct Hash
    {
        private byte first;

        public static Hash Of(ReadOnlySpan<byte> bytes)
        {
            var hash = default(Hash);
            bytes.CopyTo(hash);
            return hash;
        }
    }
}
