using System.Net;
using System.Net.Sockets;

namespace KpiStream.Tests.Support;

/// <summary>Ports to listen on later: each is given once, and none that the system gives to outgoing connections, from 32,768 on.</summary>
public static class FreePorts
{
    private static int next = Random.Shared.Next(20_000, 30_000);

    /// <summary>The first of this many free ports in a row.</summary>
    public static int Take(int count = 1)
    {
        while (true)
        {
            var first = Interlocked.Add(ref next, count) - count;
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
