using System.Net;
using System.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>Asks a running <c>serve</c> for a case by its pseudonym. What the server says goes into no message.</summary>
/// <param name="server">Its address; a path is kept, as behind a proxy.</param>
/// <param name="patience">How long to wait for the answer.</param>
internal sealed class ServedCase(Uri server, TimeSpan patience)
{
    /// <summary>A file with the key that the server asks for; null for none.</summary>
    public string? ApiKeyFile { get; init; }

    public async Task<int> PrintAsync(CaseId id, CaseSheetOutput output, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = patience, MaxResponseContentBufferSize = 1 << 20 };
        try
        {
            if (ApiKeyFile is { } file)
            {
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancel)).Trim());
            }

            using var answer = await http.GetAsync(new Uri($"{server.ToString().TrimEnd('/')}/api/v1/cases/{id}"), cancel);
            if (answer.StatusCode == HttpStatusCode.OK && await ReadAsync(answer, cancel) is { } sheet)
            {
                output.Print(sheet);
                return ExitCode.Ok;
            }

            return answer.StatusCode switch
            {
                // Ours say why; a server that does not know the address has no problem to tell.
                HttpStatusCode.NotFound when answer.Content.Headers.ContentType?.MediaType == "application/problem+json" =>
                    Say(ExitCode.CheckFailed, "the server knows no such case; check the code, and that the key is the server's"),
                HttpStatusCode.ServiceUnavailable =>
                    Say(ExitCode.Unavailable, "the server is still reading the past of its log; ask again when /health/ready says so"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                    Say(ExitCode.Unavailable, "the server asks for an API key of the role read; make one with 'kpistream api-key create' and give its file "
                        + "with --api-key"),
                _ => Say(ExitCode.Unavailable, $"what answers there ({(int)answer.StatusCode}) is no serve of this version; check --url"),
            };
        }
        catch (Exception error) when (error is FormatException or UnauthorizedAccessException or IOException)
        {
            return Say(ExitCode.Configuration, "the file of --api-key cannot be read or holds no key");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return Say(ExitCode.Unavailable, "it cannot be reached; check --url and that serve runs there");
        }
    }

    private static async Task<CaseSheet?> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<CaseSheet>(JsonSerializerOptions.Web, cancel)
                is { Registers: not null, Figures: not null, Times: not null } sheet ? sheet : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private int Say(int exit, string what)
    {
        Terminal.Say($"{server.Scheme}://{server.Authority}: {what}.");
        return exit;
    }
}
