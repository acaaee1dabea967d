using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Has messages about volume say whose cases they count, before they are handed on. What is offered keeps its order: each waits for the one before, and none
/// longer than <see cref="Patience"/> for a look at the cases; then it goes without. Owned by the service that offers.
/// </summary>
/// <param name="next">Takes them.</param>
/// <param name="sources">Looks at the cases.</param>
/// <param name="time">Measures the patience.</param>
internal sealed class SourcedOutlet(INotificationOutlet next, VolumeSources sources, TimeProvider time) : INotificationOutlet
{
    /// <summary>A look at ten million cases takes a few seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Task latest = Task.CompletedTask;

    public Task OfferAsync(IReadOnlyList<AlertNotification> notifications)
    {
        if (latest.IsCompleted && !notifications.SelectMany(static told => told.Alerts).Any(VolumeSources.Concerns))
        {
            return next.OfferAsync(notifications);
        }

        var (before, handed) = (latest, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        latest = handed.Task;
        return OfferAfterAsync(before, notifications, handed);
    }

    public Task TakeOverAsync(IReadOnlyList<AlertMessage> waiting) => next.TakeOverAsync(waiting);

    private async Task OfferAfterAsync(Task before, IReadOnlyList<AlertNotification> notifications, TaskCompletionSource handed)
    {
        Task offered;
        try
        {
            await before;
            offered = next.OfferAsync(await SourcedAsync(notifications));
        }
        finally
        {
            handed.SetResult();
        }

        await offered;
    }

    /// <summary>One look at the cases for all of them.</summary>
    private async Task<IReadOnlyList<AlertNotification>> SourcedAsync(IReadOnlyList<AlertNotification> notifications)
    {
        try
        {
            var alerts = await sources.WithSourcesAsync([.. notifications.SelectMany(static told => told.Alerts)]).WaitAsync(Patience, time);
            var (sourced, first) = (new List<AlertNotification>(), 0);
            foreach (var told in notifications)
            {
                sourced.Add(told with { Alerts = [.. alerts.Skip(first).Take(told.Alerts.Count)] });
                first += told.Alerts.Count;
            }

            return sourced;
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            return notifications; // the engine stops, or has too much to do: a message without sources is better than none
        }
    }
}
