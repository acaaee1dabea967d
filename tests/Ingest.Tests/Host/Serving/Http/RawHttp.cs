namespace KpiStream.Ingest.Tests.Host.Serving.Http;

/// <summary>Requests as bytes, for those that no client library sends.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request that closes its connection, and reads the whole answer.</summary>
    public static async Task<string> AskAsync(int port, string request)
    {
        using var client = await BeginAsync(port, request);
        return await ReadAsync(client);
    }

    /// <summary>Connects and sends the beginning of something.</summary>
    public static async Task<TcpClient> BeginAsync(int port, string beginning)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(beginning));
        return client;
    }

    /// <summary>Everything until the other side closes; what came before a reset counts.</summary>
    public static async Task<string> ReadAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await client.GetStream().ReadAsync(buffer, limit.Token)) > 0;)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // Reset instead of closed.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
