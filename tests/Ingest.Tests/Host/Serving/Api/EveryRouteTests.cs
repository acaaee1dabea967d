using KpiStream.Ingest.Host.Serving.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>What must hold of every address, those that come later included: the routes are walked, not listed.</summary>
public sealed class EveryRouteTests(ServedScene scene) : IClassFixture<ServedScene>
{
    // The page reads its own address, and the root leads to the page.
    private static readonly string[] OfThePage = ["/", "/board"];

    [Fact]
    public async Task AParameterThatNobodyKnows_IsRefusedByName()
    {
        foreach (var (method, path) in Addresses(read: false))
        {
            using var request = new HttpRequestMessage(method, $"{path}?nonsense=1");
            using var answer = await scene.Http.SendAsync(request);
            var text = await MustBeAProblemAsync(answer, HttpStatusCode.BadRequest, $"{method} {path}");
            Assert.Contains("There is no parameter 'nonsense'", text);
        }
    }

    [Fact]
    public async Task AnyOtherMethod_IsAProblemThatNamesThoseThereAre_AndOptionsNamesThemToo()
    {
        foreach (var path in Addresses(read: false).Select(static one => one.Path).Distinct())
        {
            using var wrong = new HttpRequestMessage(HttpMethod.Patch, path);
            using var answer = await scene.Http.SendAsync(wrong);
            Assert.Contains("It takes: ", await MustBeAProblemAsync(answer, HttpStatusCode.MethodNotAllowed, path));
            using var asked = new HttpRequestMessage(HttpMethod.Options, path);
            using var options = await scene.Http.SendAsync(asked);
            Assert.Equal((HttpStatusCode.NoContent, path), (options.StatusCode, path));
            Assert.Equal(answer.Content.Headers.Allow.Order(), options.Content.Headers.Allow.Order());
        }
    }

    [Fact]
    public async Task WhatIsRead_AnswersHead_AndWhatMayBeKeptComesOnceForItsTag()
    {
        var validated = new List<string>();
        foreach (var (_, path) in Addresses(read: true))
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var head = await scene.Http.SendAsync(request);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.True(head.Headers.CacheControl is { NoStore: true } or { NoCache: true }, path);
            if (path.EndsWith("/stream") || head.Headers.ETag is not { } tag)
            {
                Assert.True(head.Headers.CacheControl.NoStore, path);
                continue;
            }

            validated.Add(path);
            Assert.True(tag.IsWeak, path);
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(tag);
            using var answer = await scene.Http.SendAsync(again);
            Assert.Equal((HttpStatusCode.NotModified, path, tag), (answer.StatusCode, path, answer.Headers.ETag));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        string[] expected = ["/api", "/api/v1/alerts", "/api/v1/board", "/api/v1/figures", "/api/v1/gaps", "/api/v1/rulebook",
            "/api/v1/series?kpi=fully_online", "/api/v1/sources", "/api/v1/units", "/openapi.json"];
        Assert.Superset(expected.ToHashSet(), validated.ToHashSet());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task AnAnswer_ComesCompressedToWhoTakesIt(string coding)
    {
        foreach (var path in (string[])["/api/v1/board", "/api/v1/figures", "/api/v1/units?format=csv", "/openapi.json", "/board", "/metrics"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd(coding);
            using var answer = await scene.Http.SendAsync(request);
            Assert.Equal((coding, path), (Assert.Single(answer.Content.Headers.ContentEncoding), path));
            var packed = (await answer.Content.ReadAsByteArrayAsync()).Length;
            Assert.InRange(packed, 1, (await scene.Http.GetByteArrayAsync(path)).Length / 2);
        }
    }

    [Fact]
    public async Task TheDocument_HasEveryRouteWithSummaryParametersAndAnswers_AndNoOther()
    {
        var document = JsonNode.Parse(await scene.Http.GetStringAsync("/openapi.json"))!;
        Assert.StartsWith("3.1.", (string)document["openapi"]!);
        var described = new List<string>();
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                described.Add($"{method.ToUpperInvariant()} {path}");
                Assert.True(operation!["summary"] is { } summary && ((string)summary!).Length > 10, $"{method} {path} has no summary");
                var answers = operation["responses"]!.AsObject();
                Assert.True(answers.Any(static one => one.Key[0] == '2'), $"{method} {path} has no answer");
                Assert.All(answers.Where(static one => one.Key[0] == '4'), static one => Assert.NotNull(one.Value!["content"]!["application/problem+json"]));
            }
        }

        Assert.Equal(Described().Select(static one => $"{one.Method} {one.Route}").Order(), described.Order());
        foreach (var (method, route, endpoint) in Described())
        {
            var parameters = document["paths"]![route]![method.ToLowerInvariant()]!["parameters"]?.AsArray() ?? [];
            var ofQuery = parameters.Where(static one => (string)one!["in"]! == "query").Select(static one => (string)one!["name"]!);
            Assert.Equal(endpoint.Metadata.GetMetadata<QueryParameters>()?.All.Select(static one => one.Name) ?? [], ofQuery);
            Assert.All(parameters.Where(static one => (string)one!["in"]! == "query"), static one => Assert.NotEmpty((string)one!["description"]!));
        }
    }

    [Fact]
    public async Task ThePage_ShowsEveryRouteAndSchemaOfTheDocument_WithoutAScript()
    {
        using var answer = await scene.Http.GetAsync("/api");
        var page = await answer.Content.ReadAsStringAsync();
        var document = JsonNode.Parse(await scene.Http.GetStringAsync("/openapi.json"))!;
        Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.All(document["paths"]!.AsObject(), path => Assert.Contains($" {path.Key}</code></h3>", page));
        Assert.All(document["components"]!["schemas"]!.AsObject(), schema => Assert.Contains($"<section id=\"{schema.Key}\">", page));
        Assert.DoesNotContain("<script", page);

        // Every link within the page leads somewhere, and nothing is from elsewhere.
        var ids = Attributes(page, "id").ToHashSet();
        Assert.All(Attributes(page, "href"), link => Assert.True(link[0] == '#' ? ids.Contains(link[1..]) : link[0] == '/', link));
    }

    private static IEnumerable<string> Attributes(string page, string name) =>
        page.Split($"{name}=\"").Skip(1).Select(static rest => rest[..rest.IndexOf('"')]);

    /// <summary>Routes with their methods, HEAD left out where there is GET, and those of the page.</summary>
    private IEnumerable<(string Method, string Route, RouteEndpoint Endpoint)> Described() =>
        from endpoint in scene.Routes
        where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where method != "HEAD"
        select (method, endpoint.RoutePattern.RawText!, endpoint);

    private IEnumerable<(HttpMethod Method, string Path)> Addresses(bool read) =>
        from endpoint in scene.Routes
        let route = endpoint.RoutePattern.RawText!
        where !OfThePage.Contains(route) && !route.StartsWith("/board/")
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where read ? method == "GET" : method != "HEAD"
        select (new HttpMethod(method), Filled(route, read));

    private static string Filled(string route, bool read) =>
        route.Replace("{id}", new('0', 32)) + (read && route.EndsWith("/series") ? "?kpi=fully_online" : "");

    private static async Task<string> MustBeAProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string asked)
    {
        Assert.Equal((status, asked, "application/problem+json"), (answer.StatusCode, asked, answer.Content.Headers.ContentType?.MediaType));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((int)status, (int)problem["status"]!);
        return (string)problem["detail"]!;
    }
}
