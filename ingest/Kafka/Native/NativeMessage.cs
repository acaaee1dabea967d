using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>
/// The client's <c>rd_kafka_message_t</c>, field by field as its header declares it; part of its binary interface and the same in all
/// versions 1.x and 2.x. Never made here: it is only looked at where the client has put it.
/// </summary>
/// <param name="Error">An <see cref="Confluent.Kafka.ErrorCode"/>; when it is not 0 this is no record.</param>
/// <param name="Topic">The client's topic object.</param>
/// <param name="Payload">The first byte of the value; 0 for a record without a value.</param>
/// <param name="Length">The value's bytes.</param>
/// <param name="Key">The first byte of the key, or 0.</param>
/// <param name="KeyLength">The key's bytes.</param>
/// <param name="Own">The client's own.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NativeMessage(
    int Error, nint Topic, int Partition, nint Payload, nuint Length, nint Key, nuint KeyLength, long Offset, nint Own);
