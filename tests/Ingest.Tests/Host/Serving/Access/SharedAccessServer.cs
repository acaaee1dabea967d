namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>One server with access on its loopback address, and a key of each role; shared by the tests of a class.</summary>
public sealed class SharedAccessServer : IAsyncLifetime
{
    internal AccessServer Server { get; private set; } = null!;

    internal string Reader { get; private set; } = "";

    internal string Poster { get; private set; } = "";

    internal string Operator { get; private set; } = "";

    internal Browser Board { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await AccessServer.StartAsync();
        Reader = await Server.CreateKeyAsync("reader", AccessRole.Read);
        Poster = await Server.CreateKeyAsync("poster", AccessRole.Post);
        Operator = await Server.CreateKeyAsync("operator", AccessRole.Operate);
        Board = await Server.OpenBoardAsync("wall");
    }

    public async ValueTask DisposeAsync()
    {
        Board.Dispose();
        await Server.DisposeAsync();
    }
}
