using System.Reflection;
using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>Finds the native consumer inside Confluent's, which keeps it to itself.</summary>
internal static class ClientHandle
{
    private const string Property = "LibrdkafkaHandle";

    /// <summary>The consumer's own safe handle: a holder of a reference on it keeps the native consumer alive.</summary>
    /// <exception cref="MissingMemberException">Another version of Confluent.Kafka than the one this was written for.</exception>
    public static SafeHandle Of(IClient consumer)
    {
        var property = typeof(Handle).GetProperty(Property, BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new MissingMemberException(typeof(Handle).FullName, Property);
        return property.GetValue(consumer.Handle) as SafeHandle
            ?? throw new MissingMemberException($"{typeof(Handle).FullName}.{Property} is no {nameof(SafeHandle)}");
    }
}
