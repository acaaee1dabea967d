using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using Microsoft.AspNetCore.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Messages go to the public internet, and elsewhere only where the settings name the host.</summary>
public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("203.113.131.1", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2001:4860:4860::8888", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::10.0.0.1", false)]
    [InlineData("2002:0a00:0001::1", false)]
    public void Addresses_AreToldApart(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("93.184.215.14", "127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task ANameWithAPrivateAddress_IsRefusedUnlessItIsNamed(params string[] addresses)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<RefusedAddressException>(
            () => Policy([], addresses).ConnectAsync("hook.example.vn", port, TestContext.Current.CancellationToken));
        Assert.Contains("hook.example.vn is at", refused.Message);
        Assert.Contains("alerts.private_hosts", refused.Message);
        if (addresses is ["127.0.0.1"])
        {
            using var socket = await Policy(["hook.example.VN"], addresses).ConnectAsync("hook.example.vn", port, TestContext.Current.CancellationToken);
            Assert.True(socket.Connected);
        }
    }

    /// <summary>The address judged is the address connected to: the name is asked for once, so a second answer cannot lead inside.</summary>
    [Fact]
    public async Task ANameThatChangesItsAddress_IsAskedOncePerConnection()
    {
        var asked = 0;
        var policy = new AddressPolicy([])
        {
            Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(++asked == 1 ? "192.0.2.1" : "127.0.0.1") }),
        };
        await Assert.ThrowsAsync<RefusedAddressException>(() => policy.ConnectAsync("rebind.example", 80, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<RefusedAddressException>(() => policy.ConnectAsync("rebind.example", 80, TestContext.Current.CancellationToken));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task APrivateReceiver_GetsNothingAndSaysWhy()
    {
        await using var receiver = await HttpReceiver.StartAsync(static _ => 200);
        var problems = new List<ConfigProblem>();
        using var channel = AlertChannels.Open(Samples.Webhook(receiver.Url), new AlertSettings(), TimeProvider.System, problems)!;
        var result = await channel.SendAsync([new Outbound(Samples.Message("a"))], TestContext.Current.CancellationToken);

        Assert.Equal(SendOutcome.Misconfigured, result.Outcome);
        Assert.Contains("127.0.0.1, which is not a public address", result.Problem);
        Assert.Equal(0, receiver.Waiting);
    }

    [Fact]
    public async Task ARedirect_IsNotFollowed()
    {
        await using var inner = await HttpReceiver.StartAsync(static _ => 200);
        await using var outer = await HttpReceiver.StartAsync((context, _, _) =>
        {
            context.Response.Redirect(inner.Url.AbsoluteUri, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        using var channel = Samples.Open(Samples.Webhook(outer.Url));
        var result = await channel.SendAsync([new Outbound(Samples.Message("a"))], TestContext.Current.CancellationToken);

        Assert.Equal((SendOutcome.Misconfigured, "HTTP 307"), (result.Outcome, result.Problem));
        Assert.Equal(0, inner.Waiting);
    }

    private static AddressPolicy Policy(string[] named, string[] addresses) =>
        new(named) { Resolve = (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()) };
}
