namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Where <c>serve</c> notes rejected records: reason, position, time, length and hash, never their bytes.</summary>
public sealed record DeadLetterSettings
{
    /// <summary>False when no file is written.</summary>
    public bool ToFile { get; init; } = true;

    /// <summary>The file; null for one in the state folder.</summary>
    public string? File { get; init; }

    /// <summary>The most bytes of the file and its previous generation together. 64 MiB are about 250,000 letters, more than anyone reads.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>A topic of the same brokers; null for none.</summary>
    public string? Topic { get; init; }
}
