namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>What the first bytes of a file say.</summary>
internal enum RecordingStartKind
{
    /// <summary>A recording whose header can be read.</summary>
    Recording,

    /// <summary>Nothing yet, or the beginning of a header: a recording that was cut off while it was made.</summary>
    Unfinished,

    /// <summary>A recording by its first bytes, but both copies of its header are damaged.</summary>
    Unreadable,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>The two copies of a recording's header, read.</summary>
/// <param name="Kind">What the first bytes say.</param>
/// <param name="Bytes">How many of them there are.</param>
/// <param name="IsOneCopyDamaged">True when one copy is damaged and the other is not.</param>
internal readonly record struct RecordingStart(RecordingStartKind Kind, int Bytes, RecordingHeader Header, bool IsOneCopyDamaged)
{
    private const int LeastOfMagic = 4;

    /// <summary>True when at least the name of the format stands there.</summary>
    public bool BeginsWithMagic { get; private init; }

    /// <summary>The pseudonym key's id; empty when it is not known.</summary>
    public string KeyId => Header.KeyId == 0 ? "" : Header.KeyId.ToString("x16");

    /// <summary>The number a key's id stands for; 0 for an empty one.</summary>
    public static ulong KeyNumber(string keyId) => keyId.Length == 0 ? 0 : ulong.Parse(keyId, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static RecordingStart Read(Stream file)
    {
        var both = new byte[RecordingFormat.FirstBlock];
        file.Position = 0;
        var read = file.ReadAtLeast(both, both.Length, throwOnEndOfStream: false);
        var bytes = both.AsSpan(0, read);
        var isFirst = RecordingHeader.TryRead(bytes, out var header);
        var isSecond = RecordingHeader.TryRead(bytes[Math.Min(read, RecordingFormat.HeaderBytes)..], out var second);
        if (isFirst || isSecond)
        {
            return new RecordingStart(RecordingStartKind.Recording, read, isFirst ? header : second, read == both.Length && isFirst != isSecond);
        }

        var known = bytes[..Math.Min(read, RecordingFormat.Magic.Length)];
        var isBegun = read < RecordingFormat.FirstBlock && (RecordingFormat.Magic.StartsWith(known) || !bytes.ContainsAnyExcept((byte)0));
        return new RecordingStart(
            isBegun ? RecordingStartKind.Unfinished : RecordingHeader.IsMagic(bytes) ? RecordingStartKind.Unreadable : RecordingStartKind.Other, read,
                default, false)
        {
            BeginsWithMagic = known.Length >= LeastOfMagic && RecordingFormat.Magic.StartsWith(known),
        };
    }

    /// <summary>Why the file cannot be read as a recording, in one sentence; null when it can, or holds nothing yet.</summary>
    public string? Obstacle(string name) => Kind switch
    {
        RecordingStartKind.Unreadable => $"{name} is a recording, but both copies of its header are damaged: fetch the file again, or record anew.",
        RecordingStartKind.Other => $"{name} is no recording: choose another file.",
        RecordingStartKind.Recording when Header.Version > RecordingFormat.Version =>
            $"{name} was written by a newer program (recording format {Header.Version}, this program knows {RecordingFormat.Version}): use the newer program.",
        _ => null,
    };
}
