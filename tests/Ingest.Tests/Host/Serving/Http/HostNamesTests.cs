using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Http;

public sealed class HostNamesTests
{
    private static readonly HostNames Names = new("127.0.0.1", ["kpi.example.vn", "10.1.2.3"]);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8080")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.9.8.7")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8080")]
    [InlineData("kpi.example.vn")]
    [InlineData("KPI.Example.vn:443")]
    [InlineData("10.1.2.3")]
    [InlineData("")]
    public void NamesOfThisMachineAndThoseAllowed_AreAnswered(string host) => Assert.True(Names.Allows(host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("evillocalhost")]
    [InlineData("kpi.example.vn.evil.example")]
    [InlineData("sub.kpi.example.vn")]
    [InlineData("10.1.2.4")]
    [InlineData("0.0.0.0")]
    [InlineData("[::2]")]
    [InlineData("[::]")]
    public void OtherNames_AreNot(string host) => Assert.False(Names.Allows(host));

    [Theory]
    [InlineData(1_024, 200, 744)]
    [InlineData(256, 150, 26)]
    [InlineData(100, 90, 16)]
    [InlineData(int.MaxValue, 200, OpenFileLimit.MostConnections)]
    public void Connections_AreBoundedBelowTheLimitOnOpenFiles(long limit, int used, int most) => Assert.Equal(most, OpenFileLimit.ConnectionsOf(limit, used));

    [Fact]
    public void TheLimitOfThisProcess_IsRead() => Assert.InRange(OpenFileLimit.Connections(), 16, OpenFileLimit.MostConnections);
}
