using BenchmarkDotNet.Attributes;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Bench.Micro;

/// <summary>
/// How long does it take to read a recording from memory: checksums, framing, arrivals and the hand-over to a sink that only adds up? Times are per
/// event, of a recording of 40,000 ordinary events with arrivals.
/// </summary>
public class RecordingBenchmarks
{
    public const int Events = EventLines.Count * 20;

    /// <summary>This many records of a partition follow one another, as a consumer gets them.</summary>
    private const int Run = 100;

    private byte[] recording = [];

    [GlobalSetup]
    public void Prepare()
    {
        var path = Path.GetTempFileName();
        File.Delete(path);
        try
        {
            Record(path);
            recording = File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".lock");
        }

        if (ReadThrough_NotDecoded() != Events)
        {
            throw new InvalidOperationException("The recording does not give back what was recorded.");
        }
    }

    /// <summary>Bytes of the recording for each event.</summary>
    public double BytesPerEvent => recording.Length / (double)Events;

    /// <summary>Reads the whole recording; the number of events handed over.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int ReadThrough_NotDecoded()
    {
        var sink = new AddingSink();
        var source = new RecordingSource([new RecordingInput("bench", () => new MemoryStream(recording))], new RecordingSourceOptions());
        return source.RunAsync(sink, CancellationToken.None).GetAwaiter().GetResult().Kind == SourceEndKind.Finished ? sink.Accepted : -1;
    }

    private static void Record(string path)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var lines = EventLines.Of(GenerateProfile.Ordinary);
        using var writer = RecordingOpening.Open(path, new RecordingOptions(codes, PseudonymKey.Fixed.Id)).Writer
            ?? throw new IOException($"{path} cannot be written.");
        for (var number = 0; number < Events; number++)
        {
            decoder.Decode(lines[number % lines.Length], DecodeLimits.UnknownArrival, out var decoded);
            writer.Append(in decoded, new SourcePosition(number / Run % 4, number), decoded.Stamp.At + 250);
        }

        writer.Close();
    }

    private sealed class AddingSink : IRecordSink
    {
        public int Accepted { get; private set; }

        public long Sum { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            Accepted++;
            Sum += record.Length + position.Offset + arrival;
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => throw new NotSupportedException();

        public void Flush() => Sum++;

        public void ReportLag(int partition, long remaining) => Sum += remaining;
    }
}
