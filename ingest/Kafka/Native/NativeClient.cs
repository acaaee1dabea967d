using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>Whether the native Kafka client could be loaded.</summary>
/// <param name="Loaded">False: nothing of Kafka works, and <paramref name="Message"/> says why.</param>
/// <param name="Message">One sentence: which client it is, or what is missing and what to do.</param>
public sealed record NativeClientState(bool Loaded, string Message);

/// <summary>The native client that the package librdkafka.redist brings. A process loads it once; the answer never changes afterwards.</summary>
public static class NativeClient
{
    private const string FileName = "librdkafka";

    private static readonly Lazy<NativeClientState> Cached = new(Load);

    /// <summary>The state, after loading the library on first use. Read it before anything of Confluent.Kafka is touched.</summary>
    public static NativeClientState State => Cached.Value;

    private static NativeClientState Load()
    {
        try
        {
            Library.Load();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or FileLoadException
            or InvalidOperationException)
        {
            return new NativeClientState(false, $"The Kafka client library librdkafka could not be loaded ({error.Message.TrimEnd('.')}): "
                + "it comes with the program for Linux, Windows and macOS on x64 and arm64; build for one of these and keep the folder 'runtimes' "
                    + "beside the program.");
        }

        BindOwnCalls();
        return new NativeClientState(true, $"librdkafka {Library.VersionString}");
    }

    // The package chooses between several files by system and C library. Our own calls (Native/) must go to the one it chose:
    // a client handle means nothing to a second copy.
    private static void BindOwnCalls()
    {
        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().First(static module => module.ModuleName.Contains(FileName)).FileName;
        NativeLibrary.SetDllImportResolver(typeof(NativeClient).Assembly, (name, _, _) => name == FileName ? NativeLibrary.Load(loaded) : 0);
    }
}
