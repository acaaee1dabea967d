using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KpiStream.Ingest.Host.Serving.Http;

/// <summary>Who may connect and what they may ask, put around the routes of a <see cref="WebService"/>.</summary>
internal interface IWebAccess
{
    /// <summary>Adds what the others need.</summary>
    void AddServices(WebApplicationBuilder builder);

    /// <summary>Secures the connections, where that is configured.</summary>
    void Secure(ListenOptions listen);

    /// <summary>Before the name that was asked for is looked at.</summary>
    void UseBeforeGuard(IApplicationBuilder app);

    /// <summary>After it, and before anything is answered.</summary>
    void UseAfterGuard(IApplicationBuilder app);
}
