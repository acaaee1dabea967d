namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>Makes the channels that settings describe.</summary>
internal static class AlertChannels
{
    /// <summary>A channel that can be used; null when <paramref name="problems"/> got what its secrets lack.</summary>
    public static IAlertChannel? Open(ChannelSettings channel, AlertSettings alerts, TimeProvider time, ICollection<ConfigProblem> problems)
    {
        if (ChannelSecrets.Load(channel, problems) is not { } secrets)
        {
            return null;
        }

        var addresses = new AddressPolicy(alerts.PrivateHosts);
        return channel.Type switch
        {
            ChannelType.Alertmanager => new AlertmanagerChannel(channel, secrets, addresses, time),
            ChannelType.Email => new EmailChannel(channel, secrets, addresses, time),
            ChannelType.PagerDuty => new PagerDutyChannel(channel, secrets, addresses, time),
            _ => new WebhookChannel(channel, secrets, addresses, time),
        };
    }
}
