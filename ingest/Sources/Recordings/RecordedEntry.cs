using System.Buffers.Binary;
using MessagePack;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>One record of an event block: an accepted event, or the reason why the source's record was rejected.</summary>
internal readonly ref struct RecordedEntry
{
    /// <summary>Milliseconds since 1970 UTC, or <see cref="DecodeLimits.UnknownArrival"/>, also where an impossible one was recorded.</summary>
    public required long Arrival { get; init; }

    public required SourcePosition Position { get; init; }

    /// <summary>The event's compact array; empty when the record was rejected.</summary>
    public ReadOnlySpan<byte> Event { get; init; }

    /// <summary>Why the record was rejected, as dead letters write it; empty for an event.</summary>
    public ReadOnlySpan<byte> Reason { get; init; }
}

/// <summary>Reads the payload of an event block from its first entry to its last. A value that is not what it should be ends it; so does the end.</summary>
internal ref struct RecordedEntryReader(ReadOnlySpan<byte> payload)
{
    private const int EventFields = 5;
    private const int ReasonFields = 4;
    private const byte EventHead = MessagePackCode.MinFixArray | EventFields;

    /// <summary>The head of the array and four integers of nine bytes.</summary>
    private const int LongestHead = 1 + (4 * MessagePackForm.LongestHead);

    private readonly ReadOnlySpan<byte> payload = payload;
    private int next;

    /// <summary>True when everything has been read.</summary>
    public readonly bool IsAtEnd => next == payload.Length;

    public bool TryRead(out RecordedEntry entry) => TryReadEvent(out entry) || TryReadAny(out entry);

    /// <summary>Reads an event whose head is written as <see cref="RecordingWriter"/> writes it; false, and nothing moved, for anything else.</summary>
    private bool TryReadEvent(out RecordedEntry entry)
    {
        entry = default;
        var rest = payload[next..];
        if (rest.Length < LongestHead || rest[0] != EventHead)
        {
            return false;
        }

        var place = 1;
        if (!TryArrival(rest, ref place, out var arrival) || !TryNumber(rest, ref place, out var partition) || partition > int.MaxValue
            || !TryNumber(rest, ref place, out var offset) || !TryNumber(rest, ref place, out var length) || length < 1 || length > rest.Length - place)
        {
            return false;
        }

        entry = new RecordedEntry
        {
            Arrival = DecodeLimits.ArrivalOf(arrival),
            Position = new SourcePosition((int)partition, offset),
            Event = rest.Slice(place, (int)length)
        };
        next += place + (int)length;
        return true;
    }

    private static bool TryArrival(ReadOnlySpan<byte> bytes, ref int place, out long arrival)
    {
        arrival = DecodeLimits.UnknownArrival;
        if (bytes[place] != MessagePackCode.Nil)
        {
            return TryNumber(bytes, ref place, out arrival);
        }

        place++;
        return true;
    }

    /// <summary>An integer from 0 to 2^63 − 1 in as many bytes as its head says.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> bytes, ref int place, out long value)
    {
        var head = bytes[place++];
        if (head <= MessagePackCode.MaxFixInt)
        {
            value = head;
            return true;
        }

        var content = bytes[place..];
        var width = 1 << (head & 3);
        place += width;
        value = head switch
        {
            MessagePackCode.UInt8 => content[0],
            MessagePackCode.UInt16 => BinaryPrimitives.ReadUInt16BigEndian(content),
            MessagePackCode.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(content),
            MessagePackCode.UInt64 => BinaryPrimitives.ReadInt64BigEndian(content),
            _ => -1,
        };
        return value >= 0;
    }

    /// <summary>Reads an entry however it is written. Gives what <see cref="TryRead"/> gives, at a walk.</summary>
    public bool TryReadAny(out RecordedEntry entry)
    {
        entry = default;
        var reader = new MessagePackTokenReader(payload[next..]);
        if (!reader.TryReadArrayHeader(out var fields) || !TryArrival(ref reader, out var arrival)
            || !reader.TryReadInteger(out var partition) || partition is < 0 or > int.MaxValue || !reader.TryReadInteger(out var offset))
        {
            return false;
        }

        ReadOnlySpan<byte> recorded = [], reason = [];
        var isWhole = fields switch
        {
            EventFields => TryEvent(ref reader, out recorded),
            ReasonFields => TryReason(ref reader, out reason),
            _ => false,
        };
        entry = new RecordedEntry
        {
            Arrival = DecodeLimits.ArrivalOf(arrival),
            Position = new SourcePosition((int)partition, offset),
            Event = recorded,
            Reason = reason
        };
        return isWhole;
    }

    private static bool TryArrival(scoped ref MessagePackTokenReader reader, out long arrival)
    {
        arrival = DecodeLimits.UnknownArrival;
        return reader.TryPassNil() || reader.TryReadInteger(out arrival);
    }

    /// <summary>The length before the event lets a reader hand it over without looking inside.</summary>
    private bool TryEvent(scoped ref MessagePackTokenReader reader, out ReadOnlySpan<byte> recorded)
    {
        recorded = [];
        if (!reader.TryReadInteger(out var length) || length < 1 || length > payload.Length - next - reader.Consumed)
        {
            return false;
        }

        var start = next + reader.Consumed;
        recorded = payload.Slice(start, (int)length);
        next = start + (int)length;
        return true;
    }

    private bool TryReason(scoped ref MessagePackTokenReader reader, out ReadOnlySpan<byte> reason)
    {
        reason = [];
        if (!reader.TryReadText(out var text) || text.IsEmpty)
        {
            return false;
        }

        reason = text;
        next += reader.Consumed;
        return true;
    }
}
