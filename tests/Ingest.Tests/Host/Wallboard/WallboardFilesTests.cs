namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>How the page's files leave the server.</summary>
public sealed class WallboardFilesTests
{
    [Theory]
    [InlineData("/board", "text/html")]
    [InlineData("/board?unit=11953", "text/html")]
    [InlineData("/board/board.css", "text/css")]
    [InlineData("/board/board.js", "text/javascript")]
    [InlineData("/board/board.svg", "image/svg+xml")]
    public async Task EachFile_ComesWithItsTypePolicyAndTag(string path, string type)
    {
        await using var board = await ScriptedBoard.StartAsync(null);
        using var client = new HttpClient { BaseAddress = new Uri(board.Url) };
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoCache);

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Page_AsksNothingOfOtherHostsAndInlinesNothing()
    {
        await using var board = await ScriptedBoard.StartAsync(null);
        using var client = new HttpClient { BaseAddress = new Uri(board.Url) };
        var page = await client.GetStringAsync("/board");
        Assert.DoesNotContain("://", page);
        Assert.DoesNotContain("<style", page);
        Assert.DoesNotContain(" style=", page);
        Assert.DoesNotContain("<script>", page);
    }

    [Fact]
    public void EveryFile_IsComposedUnicode()
    {
        // A combining mark (U+0300–U+036F) would show that a letter was typed decomposed; composed Vietnamese needs none.
        var assembly = typeof(KpiStream.Ingest.Host.Wallboard.WallboardPage).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("wallboard/")))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            Assert.DoesNotContain(reader.ReadToEnd(), letter => letter is >= '\u0300' and <= '\u036f');
        }
    }
}
