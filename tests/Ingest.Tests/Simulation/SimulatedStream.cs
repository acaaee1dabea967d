namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>Reads a file of a simulated disk; it may grow meanwhile, and at times fewer bytes come than were asked for.</summary>
internal sealed class SimulatedStream(SimulatedDisk disk, SimulatedFile file) : OneWayStream(reads: true)
{
    public override bool CanSeek => true;

    public override long Length => file.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        disk.Do("read", () => { });
        var rest = file.Seen[(int)Math.Min(Position, file.Length)..];
        var read = disk.ShareOf(Math.Min(rest.Length, buffer.Length));
        rest[..read].CopyTo(buffer);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };
}
