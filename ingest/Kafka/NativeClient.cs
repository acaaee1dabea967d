using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KpiStream.Ingest.Kafka;

/// <summary>Whether the native Kafka client could be loaded.</summary>
/// <param name="Loaded">False: nothing of Kafka works, and <paramref name="Message"/> says what to install.</param>
/// <param name="Version">The client's version number as it writes it itself, 0x020000ff for 2.0.0; 0 when not loaded.</param>
/// <param name="Message">One sentence: which client it is, or what is missing and what to do.</param>
public sealed record NativeClientState(bool Loaded, int Version, string Message);

/// <summary>
/// Finds librdkafka, which the package does not bring along in the default build, and makes old versions fit.
/// The order is: the file named by <see cref="PathVariable"/>, what lies beside the program, the system's <c>librdkafka.so.1</c>.
/// A process loads one library once; the answer never changes afterwards.
/// </summary>
public static class NativeClient
{
    /// <summary>The environment variable naming the library's file. When it is set, nothing else is tried: a wrong path must be seen.</summary>
    public const string PathVariable = "KPISTREAM_LIBRDKAFKA";

    /// <summary>From here on the client knows the setting <c>fetch.queue.backoff.ms</c>.</summary>
    internal const int QueueBackoffVersion = 0x02020000;

    /// <summary>From here on the client tells a topic's id.</summary>
    internal const int TopicIdVersion = 0x02030000;

    private const int LeaderEpochVersion = 0x02010000;
    private const string SystemLibrary = "librdkafka.so.1";
    private const string Remedy = "install it (Debian, Ubuntu: apt-get install librdkafka1) or set " + PathVariable + " to the library's file";

    private static readonly Lazy<NativeClientState> Cached = new(Load);

    // What Confluent.Kafka was given; our own calls (Native/) go to the same.
    private static nint client;

    /// <summary>The state, after loading the library on first use. Read it before anything of Confluent.Kafka is touched.</summary>
    public static NativeClientState State => Cached.Value;

    private static NativeClientState Load()
    {
        var library = typeof(Library).Assembly;
        NativeLibrary.SetDllImportResolver(library, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(NativeClient).Assembly, (_, _, _) => client);
        try
        {
            Library.Load();
        }
        catch (Exception trouble) when (trouble is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or FileLoadException)
        {
            return new NativeClientState(false, 0, Missing(trouble.Message));
        }
        catch (InvalidOperationException trouble)
        {
            return new NativeClientState(false, 0, Missing(trouble.Message));
        }

        if (Library.Version < LeaderEpochVersion)
        {
            GiveHarmlessLeaderEpochs(library);
        }

        return new NativeClientState(true, Library.Version, $"librdkafka {Library.VersionString}");
    }

    private static string Missing(string reason)
    {
        var named = Environment.GetEnvironmentVariable(PathVariable);
        return string.IsNullOrEmpty(named)
            ? $"The Kafka client library librdkafka was not found ({reason.TrimEnd('.')}): {Remedy}."
            : $"The Kafka client library '{named}', named by {PathVariable}, could not be loaded ({reason.TrimEnd('.')}): correct the path, or unset it and {Remedy}.";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name switch
    {
        "librdkafka" => client = ResolveClient(assembly, search),

        // Confluent.Kafka asks for the development link, which only a compiler's package brings.
        "libdl" when NativeLibrary.TryLoad("libdl.so.2", out var libdl) => libdl,
        _ => 0,
    };

    private static nint ResolveClient(Assembly assembly, DllImportSearchPath? search)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return NativeLibrary.Load(named);
        }

        return NativeLibrary.TryLoad("librdkafka", assembly, search, out var bundled) ? bundled
            : NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, SystemLibrary), out var beside) ? beside
            : NativeLibrary.TryLoad(SystemLibrary, out var system) ? system
            : 0;
    }

    // Confluent.Kafka 2.15 asks every message for its leader epoch, a question that versions before 2.1 do not know.
    // "Unknown" (-1) is the answer a newer library gives for messages of old brokers, so the callers are prepared for it.
    private static void GiveHarmlessLeaderEpochs(Assembly library)
    {
        var bindings = library.GetType("Confluent.Kafka.Impl.Librdkafka", throwOnError: true)!;
        Replace(bindings, "_message_leader_epoch", nameof(UnknownEpoch));
        Replace(bindings, "_topic_partition_get_leader_epoch", nameof(UnknownEpoch));
        Replace(bindings, "_topic_partition_set_leader_epoch", nameof(IgnoreEpoch));
    }

    private static void Replace(Type bindings, string field, string replacement)
    {
        var slot = bindings.GetField(field, BindingFlags.Static | BindingFlags.NonPublic)
            ?? throw new MissingFieldException(bindings.FullName, field);
        var method = typeof(NativeClient).GetMethod(replacement, BindingFlags.Static | BindingFlags.NonPublic)!;
        slot.SetValue(null, Delegate.CreateDelegate(slot.FieldType, method));
    }

    private static int UnknownEpoch(nint handle) => -1;

    private static void IgnoreEpoch(nint handle, int epoch)
    {
    }
}
