using System.Globalization;

namespace KpiStream.Ingest.Tests.Host.Serving.Http;

/// <summary>
/// A <c>serve --log</c> whose working folder and environment try to open it to everybody and to make it talkative; shared by the tests of a class.
/// </summary>
public sealed class HostileServer : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private LogServer server = null!;

    /// <summary>Ports that nobody listens on, unless somebody follows what lies in the folder.</summary>
    public IReadOnlyList<int> Ports { get; } = [.. Enumerable.Range(0, 4).Select(_ => FreePorts.Take())];

    internal LogServer Server => server;

    internal int Port => server.Serve.Url.Port;

    public async ValueTask InitializeAsync()
    {
        var open = $"http://0.0.0.0:{Ports[0]}";
        var settings = $$$$"""{"Urls":"{{{{open}}}}","urls":"{{{{open}}}}","AllowedHosts":"*", """
            + $$$$""" "Kestrel":{"Endpoints":{"Http":{"Url":"{{{{open}}}}"}}},"DetailedErrors":true,"Logging":{"LogLevel":{"Default":"Trace"}}}""";
        await File.WriteAllTextAsync(folder.File("appsettings.json"), settings);
        await File.WriteAllTextAsync(folder.File("appsettings.Development.json"), settings);
        await File.WriteAllTextAsync(folder.File("appsettings.Production.json"), settings);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "log: {folder: log, max_batch_records: 20000}\nstate_dir: state\nhttp: {port: 0, "
            + "allowed_hosts: [kpi.example.vn]}\n");
        server = await LogServer.StartUnderAsync(
            [
                "env", $"ASPNETCORE_URLS=http://0.0.0.0:{Ports[1]}", $"URLS=http://0.0.0.0:{Ports[1]}", $"ASPNETCORE_HTTP_PORTS={Ports[2]}",
                $"DOTNET_URLS=http://0.0.0.0:{Ports[2]}",
                $"Kestrel__Endpoints__Open__Url=http://0.0.0.0:{Ports[3]}", $"ASPNETCORE_Kestrel__Endpoints__Open__Url=http://0.0.0.0:{Ports[3]}",
                "ASPNETCORE_ENVIRONMENT=Development", "DOTNET_ENVIRONMENT=Development", "ASPNETCORE_DETAILEDERRORS=true",
                "ASPNETCORE_PREVENTHOSTINGSTARTUP=false",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED=true", "AllowedHosts=*", "Logging__LogLevel__Default=Trace", KpiStreamProcess.Runtime,
            ],
            folder, "log/api.key");
        await server.Serve.UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The addresses the process listens on, as the kernel has them: hexadecimal digits.</summary>
    internal IReadOnlyList<(string Address, int Port)> Listening()
    {
        var sockets = Directory.EnumerateFiles($"/proc/{server.Serve.ProcessId}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:")).Select(target => target["socket:[".Length..^1])
            .ToHashSet();
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(kind => File.ReadLines($"/proc/{server.Serve.ProcessId}/net/{kind}"))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields is [_, _, _, "0A", ..] && sockets.Contains(fields[9]))
                .Select(fields => fields[1].Split(':'))
                .Select(address => (address[0], int.Parse(address[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
        ];
    }
}
