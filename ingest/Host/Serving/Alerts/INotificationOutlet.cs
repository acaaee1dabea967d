using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Takes notifications to be delivered.</summary>
internal interface INotificationOutlet
{
    /// <summary>Takes them in their order, without waiting.</summary>
    /// <returns>
    /// Ends once they outlive a crash. Only then is it kept that they were planned; what is planned again in between has the same key and order.
    /// </returns>
    Task OfferAsync(IReadOnlyList<AlertNotification> notifications);

    /// <summary>Takes in what an earlier version had kept for its webhook and not delivered.</summary>
    /// <returns>As above.</returns>
    Task TakeOverAsync(IReadOnlyList<AlertMessage> waiting) => Task.CompletedTask;
}
