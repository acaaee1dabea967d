using KpiStream.Ingest.Host.Commands;
using KpiStream.Ingest.Host.Output;

StandardStreams.Install();
return StandardStreams.Conclude(await CommandTree.RunAsync(args));
