namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Hands bytes on but always withholds the last one until it is asked for alone. The libraries stop reading where compressed data ends and say nothing of what
/// they have read beyond: compressed data that ends before the input does has ended without its last byte. Owned by the flow that reads it.
/// </summary>
internal sealed class WithheldStream(Stream inner) : OneWayStream(reads: true)
{
    private readonly byte[] next = new byte[1];
    private bool hasNext;
    private bool hasBegun;

    /// <summary>True when every byte there is was handed on.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>True when the reader has asked for more than there is, as one does that looks for a further member.</summary>
    public bool HasShownEnd { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || IsSpent)
        {
            HasShownEnd |= !buffer.IsEmpty;
            return 0;
        }

        if (!hasBegun)
        {
            hasBegun = true;
            hasNext = await inner.ReadAsync(next, cancellationToken) > 0;
        }

        if (!hasNext)
        {
            (IsSpent, HasShownEnd) = (true, true);
            return 0;
        }

        // The byte that was withheld goes first, and the last of what follows it is withheld in its place.
        buffer.Span[0] = next[0];
        var read = buffer.Length > 1 ? await inner.ReadAsync(buffer[1..], cancellationToken) : await inner.ReadAsync(next, cancellationToken);
        hasNext = read > 0;
        if (!hasNext)
        {
            IsSpent = true;
            return 1;
        }

        if (buffer.Length > 1)
        {
            next[0] = buffer.Span[read];
            return read;
        }

        return 1;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
