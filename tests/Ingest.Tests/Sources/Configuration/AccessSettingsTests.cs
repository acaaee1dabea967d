namespace KpiStream.Ingest.Tests.Sources.Configuration;

/// <summary>The sections <c>http</c> and <c>access</c>: nobody else reaches the server by a slip of the pen.</summary>
public sealed class AccessSettingsTests
{
    [Fact]
    public void AnAddressThatOthersReach_IsTakenWithAccessAndTlsOrAProxy()
    {
        var (secured, problems) = Parse("access:\nhttp:\n  listen: 0.0.0.0\n  tls: {certificate: c.pem, key: k.pem}\n");
        Assert.Empty(problems);
        Assert.Equal((false, "c.pem", 100), (secured!.Http.IsLoopback, secured.Http.Tls!.Certificate, secured.Access!.RequestsPerSecond));

        var (behind, none) = Parse("""
            http: {listen: "::", proxy: {addresses: [10.0.0.5, "fd00::/64"]}}
            access:
              folder: keys
              open_metrics: true
              oidc: {authority: "https://id.example.vn/realms/x", client_id: kpi, client_secret_file: s, scopes: [groups], roles_claim: groups,
                roles: {leaders: read, it: operate}}
            """);
        Assert.Empty(none);
        Assert.Equal(["10.0.0.5/32", "fd00::/64"], behind!.Http.Proxy!.Addresses.Select(network => network.ToString()));
        Assert.Equal(("keys", true), (behind.Access!.Folder, behind.Access.OpenMetrics));
        Assert.Equal(["openid", "groups"], behind.Access.Oidc!.Scopes);
        Assert.Equal(AccessRole.Operate, behind.Access.Oidc.Roles["it"]);
    }

    [Theory]
    [InlineData("http:\n  bind: 0.0.0.0", 2, "http.bind", "needs the section 'access' (board tokens, API keys, people who sign in), and either 'http.tls'")]
    [InlineData("http:\n  listen: 10.0.0.7\n  tls: {pfx: a}", 2, "http.listen", "other machines reach '10.0.0.7', which needs the section 'access'")]
    [InlineData("access:\nhttp:\n  listen: '::'", 3, "http.listen", "needs either 'http.tls' (a certificate and its key) or 'http.proxy'")]
    [InlineData("http:\n  listen: loopback\n  bind: loopback", 3, "http.bind", "is an older name of 'listen', which is set too")]
    [InlineData("http:\n  listen: kpi.example.vn", 2, "http.listen", "must be 'loopback' or an IP address")]
    [InlineData("http:\n  tls: {key: a}", 2, "http.tls.certificate", "name either a PEM file with 'certificate'")]
    [InlineData("http:\n  tls: {pfx: a, certificate: b}", 2, "http.tls.certificate", "name either a PEM file")]
    [InlineData("http:\n  tls: {pfx: a, key: b}", 2, "http.tls.key", "leave 'key' out")]
    [InlineData("http:\n  proxy: {addresses: []}", 2, "http.proxy.addresses", "must list at least one item")]
    [InlineData("http:\n  proxy: {}", 2, "http.proxy.addresses", "must list the proxy's addresses")]
    [InlineData("http:\n  proxy: {addresses: [nginx]}", 2, "http.proxy.addresses", "must be IP addresses or networks")]
    [InlineData("http:\n  proxy: {addresses: [0.0.0.0/0]}", 2, "http.proxy.addresses", "of which not all machines are part")]
    [InlineData("access: {open_metrics: yes}", 1, "access.open_metrics", "must be true or false, not 'yes'")]
    [InlineData("access: {requests_per_second: 0}", 1, "access.requests_per_second", "must be a whole number from 1")]
    [InlineData("access:\n  proxy_identity: {roles: {a: read}}", 2, "access.proxy_identity", "needs 'http.proxy'")]
    [InlineData("http: {proxy: {addresses: [127.0.0.1]}}\naccess:\n  proxy_identity: {user_header: 'a b', roles: {a: read}}", 3,
        "access.proxy_identity.user_header", "must be the name of a header like X-Forwarded-User, not 'a b'")]
    [InlineData("http: {proxy: {addresses: [127.0.0.1]}}\naccess:\n  proxy_identity: {user_header: x, roles_header: X, roles: {a: read}}", 3,
        "access.proxy_identity.roles_header", "must be another header")]
    [InlineData("http: {proxy: {addresses: [127.0.0.1]}}\naccess:\n  proxy_identity: {roles: {a: post}}", 3,
        "access.proxy_identity.roles.a", "a person may read or operate")]
    [InlineData("access: {keys: []}", 1, "access.keys", "unknown key")]
    [InlineData("access:\n  oidc: {authority: 'http://id.example.vn', client_id: a, roles: {}}", 2, "access.oidc.authority", "must begin with https://")]
    [InlineData("access:\n  oidc: {authority: 'https://id.example.vn', client_id: a}", 2, "access.oidc.roles", "is missing")]
    [InlineData("access:\n  oidc: {authority: 'https://a.vn', client_id: a, roles: {x: post}}", 2, "access.oidc.roles.x", "a person may read or operate")]
    public void AMistake_IsNamedWithItsLine(string yaml, int line, string key, string says)
    {
        var (settings, problems) = Parse(yaml);
        Assert.Null(settings);
        Assert.Contains(problems, problem => (problem.Line, problem.Key) == (line, key) && problem.Message.Contains(says));
    }

    private static (Settings? Settings, List<ConfigProblem> Problems) Parse(string yaml)
    {
        var problems = new List<ConfigProblem>();
        return (SettingsYaml.Parse("kpistream.yaml", yaml, problems), problems);
    }
}
