namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Takes each record's value out of the client's memory into one buffer used again and again, so that no array is made per record.
/// Owned by the consuming thread; grows to the largest record seen, which the broker's <c>message.max.bytes</c> bounds.
/// </summary>
internal sealed class RecordBuffer : IDeserializer<int>
{
    /// <summary>The length given to a null value.</summary>
    public const int Tombstone = -1;

    private byte[] bytes = new byte[64 * 1024];

    /// <summary>The first bytes of the buffer, valid until the next record is taken.</summary>
    public ReadOnlySpan<byte> Value(int length) => bytes.AsSpan(0, length);

    public int Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
        {
            return Tombstone;
        }

        if (data.Length > bytes.Length)
        {
            bytes = new byte[Math.Max(data.Length, 2 * bytes.Length)];
        }

        data.CopyTo(bytes);
        return data.Length;
    }
}
