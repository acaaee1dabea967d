using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Greets every connection with a TLS certificate that nobody vouches for.</summary>
internal sealed class SelfSignedServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 certificate;
    private readonly Task serving;

    public SelfSignedServer()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        listener.Start();
        serving = ServeAsync();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    public void Dispose()
    {
        // First the loop, then its listener: one that is disposed between two accepts throws what only a mistake may.
        stop.Cancel();
        serving.Wait();
        listener.Dispose();
        certificate.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await GreetAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task GreetAsync(TcpClient client)
    {
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop.Token);

            // With TLS 1.3 the refusal comes after the server's side of the handshake is over.
            await tls.ReadExactlyAsync(new byte[1], stop.Token);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            // The client hangs up: what the test is about.
        }
    }
}
