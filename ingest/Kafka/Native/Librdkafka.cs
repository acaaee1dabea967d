using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>
/// The client's functions that Confluent.Kafka does not offer. They are looked up in the file that Confluent.Kafka has loaded
/// (<see cref="NativeClient"/>); all are part of its public interface since 1.0.
/// </summary>
internal static unsafe partial class Librdkafka
{
    private const string Library = "librdkafka";

    /// <summary>A reference to the queue of all that a consumer gets: records, ends, errors. To be given back before the consumer is.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint ConsumerQueueOf(SafeHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void Release(nint queue);

    /// <summary>
    /// Takes messages and runs callbacks. With a wait it returns when <paramref name="most"/> messages are there or the time is over,
    /// so who wants to be woken by the first one asks for one.
    /// </summary>
    /// <returns>How many messages it took; negative for an error.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint Take(nint queue, int waitMillis, NativeMessage** messages, nuint most);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void Release(NativeMessage* message);

    /// <summary>A message's time in milliseconds since 1970 UTC, and its kind: 0 none, 1 made, 2 appended.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    public static partial long TimeOf(NativeMessage* message, int* kind);

    /// <summary>A set of properties with the client's defaults. To be given back.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewProperties();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void ReleaseProperties(nint properties);

    /// <summary>Sets a property of the client or of its topics.</summary>
    /// <returns>-2 for an unknown name, -1 for a value it does not take, 0 when it is set.</returns>
    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetProperty(nint properties, string name, string value, byte* reason, nuint reasonSize);

    /// <summary>What went wrong, as text that belongs to the message.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_message_errstr")]
    public static partial byte* ReasonOf(NativeMessage* message);
}
