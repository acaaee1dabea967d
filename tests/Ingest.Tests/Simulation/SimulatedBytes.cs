namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>The content of a file: bytes that can be written anywhere, also behind the end, where zeros fill the gap.</summary>
internal sealed class SimulatedBytes
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public void Write(ReadOnlySpan<byte> written, int at)
    {
        Reach(at + written.Length);
        written.CopyTo(bytes.AsSpan(at));
    }

    public void Cut(int length)
    {
        Reach(length);
        bytes.AsSpan(length).Clear();
        Length = length;
    }

    public void Become(SimulatedBytes other)
    {
        bytes = other.Span.ToArray();
        Length = other.Length;
    }

    public void Flip(int at, byte mask) => bytes[at] ^= mask;

    private void Reach(int length)
    {
        if (length > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(length, bytes.Length * 2));
        }

        Length = Math.Max(Length, length);
    }
}
