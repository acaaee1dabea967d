using System.Buffers;
using MessagePack;

namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>Entries of a block are read at once where they are written as ours are, and give what reading value by value gives.</summary>
public sealed class RecordedEntryTests(ITestOutputHelper output)
{
    private static readonly long[] Numbers =
        [0, 1, 127, 128, 255, 256, 65_535, 65_536, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1_751_328_000_123, long.MaxValue, -1, long.MinValue];

    [Fact]
    public void ChangedPayloads_GiveTheEntriesOfTheGeneralReader()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var events = 0;
        for (var trial = 0; trial < LongRuns.Scale(20_000); trial++)
        {
            var payload = Payload(random);
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
            }

            events += Compare(payload);
        }

        Assert.InRange(events, 20_000, int.MaxValue);
    }

    private static int Compare(ReadOnlySpan<byte> payload)
    {
        var reader = new RecordedEntryReader(payload);
        var slow = new RecordedEntryReader(payload);
        for (var events = 0; ; events++)
        {
            var (isRead, isReadSlowly) = (reader.TryRead(out var entry), slow.TryReadAny(out var expected));
            var isSame = isRead == isReadSlowly && reader.IsAtEnd == slow.IsAtEnd;
            if (!isSame || (isRead && !AreSame(in entry, in expected)))
            {
                Assert.Fail($"entry {events} differs: {Convert.ToHexString(payload)}");
            }

            if (!isRead)
            {
                return events;
            }
        }
    }

    private static bool AreSame(in RecordedEntry left, in RecordedEntry right) =>
        left.Arrival == right.Arrival && left.Position == right.Position && left.Event.SequenceEqual(right.Event) && left.Reason.SequenceEqual(right.Reason);

    private static byte[] Payload(Random random)
    {
        var written = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(written);
        for (var entries = random.Next(1, 6); entries > 0; entries--)
        {
            Write(random, ref writer);
        }

        writer.Flush();
        return written.WrittenSpan.ToArray();
    }

    private static void Write(Random random, ref MessagePackWriter writer)
    {
        var isEvent = random.Next(6) > 0;
        writer.WriteArrayHeader(isEvent ? 5 : 4);
        if (random.Next(4) == 0)
        {
            writer.WriteNil();
        }
        else
        {
            writer.Write(Numbers[random.Next(Numbers.Length)]);
        }

        writer.Write(random.Next(10) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(200));
        writer.Write(Numbers[random.Next(Numbers.Length)]);
        if (!isEvent)
        {
            writer.WriteString("malformed"u8);
            return;
        }

        // Its bytes are not looked at, so any will do.
        var length = random.Next(random.Next(10) == 0 ? 0 : 1, 140);
        writer.Write(length);
        for (; length > 0; length--)
        {
            writer.Write(random.Next(128));
        }
    }
}
