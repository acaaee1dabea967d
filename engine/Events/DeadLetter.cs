namespace KpiStream.Engine.Events;

/// <summary>
/// What is kept of a rejected record: why, where, when, how long, and a hash by which its sender can find it.
/// Never its bytes.
/// </summary>
public readonly ref struct DeadLetter
{
    /// <summary>The source's name, like <c>kafka:cases</c>.</summary>
    public required string Source { get; init; }

    public required Verdict Verdict { get; init; }

    public required SourcePosition Position { get; init; }

    /// <summary>Arrival in milliseconds since 1970 UTC; <see cref="long.MinValue"/> when unknown.</summary>
    public required long Arrival { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the bytes, 32 bytes.</summary>
    public required ReadOnlySpan<byte> Sha256 { get; init; }
}

/// <summary>Where dead letters go. Called on the source's thread, so it must not wait.</summary>
public interface IDeadLetterSink
{
    void Put(in DeadLetter letter);
}
