using KpiStream.Ingest.Host.Commands;

return await CommandTree.RunAsync(args);
