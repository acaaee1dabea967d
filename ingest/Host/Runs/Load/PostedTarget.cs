using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Posts a load to a server's log. What becomes due while a batch is on its way goes with the next one, up to <see cref="MostRecords"/>; beyond, the sender
/// waits, and its plan does not. One batch at a time, so that the order stays.
/// </summary>
internal sealed class PostedTarget : ILoadTarget, IAsyncDisposable
{
    private const int MostRecords = 10_000;
    private const int MostBytes = 8 << 20;
    private static readonly Uri Events = new("/api/v1/events", UriKind.Relative);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http;
    private readonly PostedFollower follower;
    private readonly Channel<Batch> posting = Channel.CreateBounded<Batch>(1);
    private readonly CancellationTokenSource over = new();
    private readonly Task poster;
    private Batch collecting = new();

    public PostedTarget(Uri server, string? key, PostedFollower follower)
    {
        this.follower = follower;
        http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        poster = Task.Run(PostAllAsync);
    }

    /// <summary>Why nothing more is taken; empty while all is well.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Asks with no events whether the server takes any from this sender; what it says otherwise, and what to do.</summary>
    public async Task<string?> FindRefusalAsync(CancellationToken stop)
    {
        using var answer = await http.PostAsync(Events, new ByteArrayContent([]), stop);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{http.BaseAddress} "
                + (http.DefaultRequestHeaders.Authorization is null ? $"takes events only with its API key ({(int)answer.StatusCode}): give --api-key FILE "
                    + "(api_key in a plan), api.key in the folder of the server's log."
                : $"does not take the API key ({(int)answer.StatusCode}): its own is api.key in the folder of the server's log."),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => $"{http.BaseAddress} takes no events: start it with serve --log DIR.",
            _ => null,
        };
    }

    public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
    {
        collecting.Add(record, item.Due);
        return !collecting.IsFull || TryPass(stop);
    }

    public void Flush()
    {
        if (collecting.Due.Count > 0 && posting.Writer.TryWrite(collecting))
        {
            collecting = new Batch();
        }
    }

    /// <summary>Passes everything on and waits until it is stored, or refused.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        if (collecting.Due.Count > 0)
        {
            TryPass(stop);
        }

        posting.Writer.TryComplete();
        await poster.WaitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        posting.Writer.TryComplete();
        await over.CancelAsync();
        await poster.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        over.Dispose();
    }

    private bool TryPass(CancellationToken stop)
    {
        try
        {
            posting.Writer.WriteAsync(collecting, stop).AsTask().GetAwaiter().GetResult();
            collecting = new Batch();
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    private async Task PostAllAsync()
    {
        await foreach (var batch in posting.Reader.ReadAllAsync(over.Token))
        {
            if (!await TryPostAsync(batch))
            {
                posting.Writer.TryComplete();
                return;
            }
        }
    }

    private async Task<bool> TryPostAsync(Batch batch)
    {
        while (true)
        {
            try
            {
                using var body = new ReadOnlyMemoryContent(batch.Lines.WrittenMemory);
                using var answer = await http.PostAsync(Events, body, over.Token);
                if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest)
                {
                    follower.Store([.. batch.Due]); // 400: the good ones are stored, the bad ones are judged as they would be anywhere.
                    return true;
                }

                if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    Failure = $"{http.BaseAddress} refuses events: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(over.Token)}";
                    return false;
                }
            }
            catch (HttpRequestException error)
            {
                Failure = $"{http.BaseAddress} takes no more events: {error.Message}";
                return false;
            }

            await Task.Delay(Busy, over.Token);
        }
    }

    private sealed class Batch
    {
        public ArrayBufferWriter<byte> Lines { get; } = new(64 << 10);

        public List<long> Due { get; } = [];

        public bool IsFull => Due.Count >= MostRecords || Lines.WrittenCount >= MostBytes;

        public void Add(ReadOnlySpan<byte> record, long due)
        {
            Lines.Write(record);
            Lines.Write("\n"u8);
            Due.Add(due);
        }
    }
}
