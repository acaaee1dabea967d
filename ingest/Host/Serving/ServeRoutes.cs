using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>What a running <c>serve</c> answers: pages, API, health, metrics and posts.</summary>
internal sealed class ServeRoutes(
    ServeSetup setup, StreamEngine engine, SourceService source, AlertService alerts, SelfCheckService? checks, ServeMetrics metrics, LiveBoards boards,
    BoardViews views, AccessControl? access, BoardPlan plan, BackgroundWork work, KeptRejections? rejections, BoardRegistry registry,
        AlertDelivery? delivery, AlertFiles judged, VolumeSources shares, TimeProvider time)
{
    private readonly LiveSource live = setup.Live;

    public void MapTo(WebApplication app, ConnectionLimit connections, HttpCounts counts)
    {
        var routes = access?.Protect(app) ?? app;
        setup.MapPages(routes);
        routes.MapBoardApi(
            boards, views, engine, source.Watch, alerts, checks, plan, () => live.Segments?.Failure is { Length: > 0 } lost ? lost : work.Failure ?? "",
            () => delivery?.Undelivered ?? "", () => judged.Calendars.Current, time);
        routes.MapGaps(live.Gaps);
        new JudgedByApi(judged, alerts, time).Map(routes);
        new AlertApi(alerts, setup.Loaded.Rulebook, setup.Loaded.Units, shares, time).Map(routes);
        routes.MapBoards(registry);
        MapPost(app, routes, connections, counts);
        routes.MapRead("/metrics", () => Results.Text(metrics.Read(), PrometheusExporter.ContentType))
            .AnswersText("Metrics as Prometheus text.").Takes();
        routes.MapReference();
    }

    /// <summary>Batches may come compressed; their limit holds for what is inside.</summary>
    private void MapPost(WebApplication app, IEndpointRouteBuilder routes, ConnectionLimit connections, HttpCounts counts)
    {
        if (setup.Loaded.Settings is { Log: { } folder } settings && live.Commit is { } commit && setup.Posters is { } posters && rejections is { } kept)
        {
            app.Use(new PostedBodies(folder, posters, connections, counts, time).ReadAsync);
            new EventPost(
                folder, commit, source.Intake, kept, new EventDecoders(engine.Options, setup.Loaded.Profiles), settings.Limits, posters, time).Map(routes);
        }
    }
}
