using KpiStream.Ingest.Host.Commands;

StandardStreams.Install();
return StandardStreams.Conclude(await CommandTree.RunAsync(args));
