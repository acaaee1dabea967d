using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Everything behind the planner of notifications: writes them, sorts them by channel, and hands them to the outbox, from which each channel delivers in
/// its own
/// time. The outbox is let go of after the channels have stopped.
/// </summary>
internal sealed class AlertDelivery : INotificationOutlet, IAsyncDisposable
{
    private readonly AlertOutbox outbox;
    private readonly NotificationWriter writer;
    private readonly IReadOnlyList<(ChannelDelivery Delivery, ChannelFilter Filter, OutboxLane Lane)> channels;

    private AlertDelivery(AlertOutbox outbox, NotificationWriter writer, IReadOnlyList<(ChannelDelivery, ChannelFilter, OutboxLane)> channels) =>
        (this.outbox, this.writer, this.channels) = (outbox, writer, channels);

    /// <summary>One service for each channel.</summary>
    public IReadOnlyList<ChannelDelivery> Channels => [.. channels.Select(static channel => channel.Delivery)];

    /// <summary>Ends with the outbox; fails with what no disk is to blame for.</summary>
    public Task Writing => outbox.Writing;

    /// <summary>For readiness: what does not reach its receivers; empty while everything does.</summary>
    public string Undelivered => string.Join(". ", channels.Select(static channel => channel.Delivery.Undelivered).Append(
        outbox.Error is { Length: > 0 } problem ? $"alert messages are not kept on disk ({problem})" : "").Where(static text => text.Length > 0));

    /// <summary>Opens the channels of the settings, whose secrets have been checked; null when there are none.</summary>
    /// <param name="loaded">The settings in force.</param>
    /// <param name="files">The state folder; null for memory alone, as with all that is known of alerts.</param>
    /// <param name="folder">Its path.</param>
    /// <param name="policy">How hard receivers are tried.</param>
    /// <param name="time">The clock of all of it.</param>
    /// <param name="log">Told of errors.</param>
    public static AlertDelivery? Open(
        LoadedSettings loaded, IStateFiles? files, string? folder, DeliveryPolicy policy, TimeProvider time, OperatorLog log)
    {
        var problems = new List<ConfigProblem>();
        var settings = loaded.Settings.Alerts;
        var opened = settings.Channels.Select(channel => (Settings: channel, Channel: AlertChannels.Open(channel, settings, time, problems))).ToList();
        problems.ForEach(problem => log.Error($"{problem}")); // checked before; a file that was taken away since is told of
        opened.RemoveAll(static one => one.Channel is null);
        if (opened.Count == 0)
        {
            return null;
        }

        var undelivered = files is null || folder is null ? null : new UndeliveredFile(Path.Combine(folder, UndeliveredFile.FileName), time);
        var kept = AlertOutbox.Open(files, undelivered, opened.Select(one => new OutboxLane(one.Settings.Name, time)), time, log.Warn);
        var words = new NotificationWriter(loaded.Rulebook, loaded.Units, loaded.Settings.Http.Reached);
        return new AlertDelivery(kept, words, [.. opened.Select(one => (
            new ChannelDelivery(one.Channel!, kept, policy, time, log), new ChannelFilter(one.Settings, loaded.Units), kept.Lane(one.Settings.Name)))]);
    }

    public Task OfferAsync(IReadOnlyList<AlertNotification> notifications) => outbox.OfferAsync([.. notifications.SelectMany(MessagesOf)]);

    public Task TakeOverAsync(IReadOnlyList<AlertMessage> waiting) => channels.Any(static channel => channel.Lane.Channel == ChannelSettings.OlderName)
        ? outbox.OfferAsync([.. waiting.Select(static message => (OlderMessage.Of(message), (IReadOnlyList<string>)[ChannelSettings.OlderName]))])
        : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var (delivery, _, _) in channels)
        {
            delivery.Dispose();
        }

        await outbox.DisposeAsync();
    }

    /// <summary>Channels that are told of the same alerts share a message.</summary>
    private IEnumerable<(DeliveryMessage Message, IReadOnlyList<string> Channels)> MessagesOf(AlertNotification told)
    {
        var isAcknowledged = told.Reason == NotificationReason.Acknowledged;
        var concerned = channels.Where(channel => !isAcknowledged || channel.Filter.KeepsAcknowledged)
            .Select(channel => (channel.Lane, Alerts: AlertsOf(told, channel.Filter))).ToList();
        concerned.RemoveAll(one => isAcknowledged && (one.Alerts.Count == 0 || one.Alerts.Exists(static alert => alert.Acknowledged is null)));
        foreach (var same in concerned.Where(static one => one.Alerts.Count > 0).GroupBy(static one => string.Join(' ', one.Alerts.Select(static alert =>
            alert.Id))))
        {
            yield return (writer.Write(told, same.First().Alerts), [.. same.Select(static one => one.Lane.Channel)]);
        }

        foreach (var (lane, _) in concerned.Where(static one => one.Alerts.Count == 0))
        {
            if (lane.HeldUnder(told.Key) is { } held)
            {
                yield return (writer.End(held, told), [lane.Channel]);
            }
        }
    }

    private static List<Alert> AlertsOf(AlertNotification told, ChannelFilter filter) =>
        [.. told.Alerts.Where(alert => filter.Concerns(alert.Rule.Kind, alert.Rule.Grade, alert.Unit))];
}
