namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>
/// Around every request: refuses names that are not ours, bounds the requests being answered, and sees to it that every answer is complete: with
/// <c>nosniff</c>, with a
/// body that says what is wrong, with the methods there are. What a client does wrong is counted and never logged; what we do wrong is logged in one line.
/// </summary>
internal sealed class RequestGuard(HostNames hosts, ConnectionLimit connections, HttpCounts counts, ILogger log)
{
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        Begin(context);
        if (!hosts.Allows(context.Request.Headers.Host.ToString(), context.Connection.LocalIpAddress))
        {
            counts.Count(RefusedRequest.Host);
            await Problem.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, hosts.Advice);
            return;
        }

        if (!connections.TryBegin(context, IsHealth(context.Request.Path)))
        {
            counts.Count(RefusedRequest.Connections);
            context.Response.Headers.RetryAfter = "1";
            context.Response.Headers.Connection = "close";
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many requests are being answered at this moment. Ask again "
                + "in a second.");
            return;
        }

        try
        {
            await TryAsync(context, next);
        }
        finally
        {
            connections.End(context);
        }
    }

    /// <summary>What every answer carries. One that may be kept says so itself.</summary>
    private static void Begin(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
    }

    private static bool IsHealth(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);

    private async Task TryAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            await CompleteAsync(context);
        }
        catch (BadHttpRequestException problem)
        {
            counts.Count(problem.StatusCode == StatusCodes.Status408RequestTimeout ? RefusedRequest.Slow : RefusedRequest.Broken);
            await EndAsync(context, problem.StatusCode, $"{problem.Message.TrimEnd('.')}. Nothing was stored.");
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException || context.RequestAborted.IsCancellationRequested)
        {
            // The connection broke, or had to make room, while it was read or written.
            counts.Count(RefusedRequest.Gone);
            context.Abort();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            counts.Count(RefusedRequest.Failed);
            log.LogError("{Method} {Path} failed: {Kind}: {Reason}", context.Request.Method, context.GetEndpoint()?.DisplayName,
                problem.GetType().Name, problem.Message);
            await EndAsync(context, StatusCodes.Status500InternalServerError, "The server failed to answer; its log says more.");
        }
    }

    /// <summary>Ends a request that failed half-way: with an answer, or without one where it had begun.</summary>
    private static async Task EndAsync(HttpContext context, int status, string sentence)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        Begin(context);
        context.Response.Headers.Connection = "close";
        await Problem.WriteAsync(context, status, sentence);
    }

    /// <summary>Gives an answer that is only a status a body; says which methods there are to one who asks.</summary>
    private static Task CompleteAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < StatusCodes.Status400BadRequest || response.ContentType is not null || response.ContentLength > 0)
        {
            return Task.CompletedTask;
        }

        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = $"{response.Headers.Allow}, {HttpMethods.Options}";
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        }

        return Problem.WriteAsync(context, response.StatusCode, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. The wallboard is at /board, figures at /api/v1/figures, the state of "
                + "the server at /health/ready and /metrics.",
            StatusCodes.Status405MethodNotAllowed => $"This address does not take {context.Request.Method}. It takes: {response.Headers.Allow}.",
            _ => "The request was not understood.",
        });
    }
}
