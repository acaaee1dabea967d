using System.Diagnostics;
using Xunit.Sdk;

namespace KpiStream.Tests.Support.Kafka;

/// <summary>
/// A real Apache Kafka cluster of one or three nodes on this machine's loopback, started by the script <c>kafka/broker</c> that lies
/// in <c>shared/</c> beside the repository, or by the one KPISTREAM_KAFKA names. Nothing of it outlives the test process: a
/// watching shell takes it down even when the process is killed.
/// </summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    public const string PathVariable = "KPISTREAM_KAFKA";

    /// <summary>The user that may do everything on the listener with passwords.</summary>
    public const string Reader = "reader";

    /// <summary>The user that is known and allowed nothing.</summary>
    public const string Stranger = "stranger";

    // Node n listens on port + 10 (n - 1), its controller one above, its listener with passwords two, the one for a proxy three and that proxy four above.
    private const int NodeSpacing = 10;

    private static readonly SemaphoreSlim Starting = new(1);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(300);

    private readonly string script;
    private readonly string directory;
    private readonly Process watcher;
    private readonly int port;

    private KafkaBroker(string script, string directory, int port, string bootstrap)
    {
        this.script = script;
        this.directory = directory;
        this.port = port;
        Bootstrap = bootstrap;
        watcher = Watch();
    }

    /// <summary>Host and port of every node, without passwords.</summary>
    public string Bootstrap { get; }

    /// <summary>Host and port of the listener that asks for a password (one node only).</summary>
    public string SaslBootstrap => $"127.0.0.1:{port + 2}";

    /// <summary>Where a proxy has to listen (one node only): a client that asks the broker behind it is told to come back there.</summary>
    public int ProxyPort => port + 4;

    /// <summary>Where the broker listens for that proxy.</summary>
    public int BehindProxyPort => port + 3;

    /// <summary>A listener whose advertised name cannot be resolved (one node only).</summary>
    public string UnresolvableBootstrap => $"127.0.0.1:{port + 5}";

    /// <summary>The password of a user of that listener.</summary>
    public static string PasswordOf(string user) => user + "-secret";

    /// <summary>The script's path, or null where there is none: then no test can run against a real broker.</summary>
    public static string? FindScript()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var beside = Path.Combine(at.FullName, "shared", "kafka", "broker");
            if (File.Exists(beside))
            {
                return beside;
            }
        }

        return null;
    }

    /// <summary>What skips a test where there is no script.</summary>
    public static SkipException Missing() => SkipException.ForSkip($"no real Kafka: shared/kafka/broker not found, {PathVariable} names none");

    /// <summary>Starts a cluster and waits until it is ready; skips the test where there is no script.</summary>
    /// <param name="nodes">1 or 3. One node also has a listener that asks for passwords and one for a proxy.</param>
    public static async Task<KafkaBroker> StartAsync(int nodes)
    {
        var found = FindScript() ?? throw Missing();

        // One cluster after another: started together on two cores, nodes take longer than the script waits for each.
        await Starting.WaitAsync();
        try
        {
            return await StartAsync(found, nodes);
        }
        finally
        {
            Starting.Release();
        }
    }

    private static async Task<KafkaBroker> StartAsync(string script, int nodes)
    {
        var home = Directory.CreateTempSubdirectory("kpistream-kafka-").FullName;
        var first = FreePorts.Take(NodeSpacing * nodes);
        List<string> arguments = ["start", "--dir", home, "--port", Text(first), "--nodes", Text(nodes), "--heap", "384m"];
        if (nodes == 1)
        {
            arguments.AddRange(Passwords(first).SelectMany(static setting => new[] { "--set", setting }));
        }

        try
        {
            var bootstrap = await RunAsync(script, arguments);
            return new KafkaBroker(script, home, first, bootstrap.Trim());
        }
        catch
        {
            // Nodes may run by now, and nobody else knows of them.
            await StopAsync(script, home);
            throw;
        }
    }

    /// <summary>Kills one node at once, as a power cut would.</summary>
    public Task KillAsync(int node) => RunAsync(script, ["stop", "--dir", directory, "--node", Text(node), "--kill"]);

    /// <summary>The script takes a dead node's process number away.</summary>
    public bool IsDead(int node) => !File.Exists(Path.Combine(directory, $"node-{Text(node)}", "pid"));

    /// <summary>Starts a killed node again on what it has on disk.</summary>
    public Task RestartAsync(int node) => RunAsync(script, ["restart", "--dir", directory, "--node", Text(node)]);

    /// <summary>Stops a node without ending it (<c>STOP</c>), or lets it run again (<c>CONT</c>): its connections stay open.</summary>
    public async Task SignalAsync(int node, string signal)
    {
        var pid = await File.ReadAllTextAsync(Path.Combine(directory, $"node-{Text(node)}", "pid"));
        using var kill = Process.Start("kill", [$"-{signal}", pid.Trim()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Turns one bit of a record on the first node's disk: the first byte of a text that is in the partition's first file.</summary>
    public void Damage(string topic, int partition, string text)
    {
        var log = Path.Combine(directory, "node-1", "data", $"{topic}-{partition}", "00000000000000000000.log");
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        file.Position = at;
        file.WriteByte((byte)(bytes[at] ^ 1));
    }

    public async ValueTask DisposeAsync()
    {
        watcher.Kill();
        watcher.Dispose();
        await StopAsync(script, directory);
    }

    private static async Task StopAsync(string script, string directory)
    {
        await RunAsync(script, ["stop", "--dir", directory, "--kill"]);
        Directory.Delete(directory, recursive: true);
    }

    private static string Text(int number) => number.ToString();

    // The script reads the listeners' line itself and knows one listener only; with a colon instead of an equals sign Java reads the
    // same property and the script does not see it.
    private static IEnumerable<string> Passwords(int port) =>
    [
        $"listeners:PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},SASL://127.0.0.1:{port + 2},PROXY://127.0.0.1:"
            + $"{port + 3},LOST://127.0.0.1:{port + 5}",
        $"advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{port + 2},PROXY://127.0.0.1:{port + 4},LOST://no-such-host.invalid:{port + 5}",
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,LOST:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXY:PLAINTEXT,SASL:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        "listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
            + $"user_{Reader}=\"{PasswordOf(Reader)}\" user_{Stranger}=\"{PasswordOf(Stranger)}\";",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        $"super.users=User:ANONYMOUS;User:{Reader}",
        // Old segments are looked at every second, so that a test can see retention and compaction happen.
        "log.retention.check.interval.ms=1000",
        "log.cleaner.backoff.ms=200",
    ];

    private static async Task<string> RunAsync(string script, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (LongRuns.Effort == 1)
        {
            // Java's second compiler costs six processor seconds at every start of a node, and hardly any node here lives long enough to gain by it.
            start.Environment.TryAdd("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script}: exit {process.ExitCode}: {await errors}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} {arguments.First()} took longer than {StartLimit.TotalSeconds} s.", late);
        }
    }

    private Process Watch()
    {
        const string Loop = "while kill -0 \"$1\" 2>/dev/null; do sleep 1; done; \"$2\" stop --dir \"$3\" --kill; rm -rf \"$3\"";
        var start = new ProcessStartInfo("bash");
        foreach (var argument in (string[])["-c", Loop, "watch", Text(Environment.ProcessId), script, directory])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
