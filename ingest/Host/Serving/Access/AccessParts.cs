namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What access rests on, all read and sound.</summary>
/// <param name="Folder">Of keys, tokens and the audit log.</param>
/// <param name="OidcSecret">The client's secret; null for none.</param>
/// <param name="Certificate">Null for plain HTTP.</param>
internal sealed record AccessParts(Settings Settings, string Folder, AccessRegister Register, string? OidcSecret, ServerCertificate? Certificate)
{
    private const string Command = "kpistream";

    /// <summary>The folder that the settings mean.</summary>
    public static string FolderOf(Settings settings) => settings.Access?.Folder ?? StateFolder.Of(settings);

    /// <summary>Reads it all; null where nothing is configured, and when something is wrong, which is then among the problems.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="posters">The keys of the log's own file.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <param name="log">Told later of what changes while it runs.</param>
    /// <param name="time">For expiry.</param>
    public static AccessParts? Open(Settings settings, IReadOnlyList<string> posters, ICollection<ConfigProblem> problems, OperatorLog log, TimeProvider time)
    {
        if (settings is { Access: null, Http: { Tls: null, Proxy: null } })
        {
            return null;
        }

        var folder = FolderOf(settings);
        var register = new AccessRegister(new AccessFile(folder), posters, log.Warn, time);
        try
        {
            new AccessFile(folder).Read();
            register.LookAgain();
            var certificate = settings.Http.Tls is { } tls ? ServerCertificate.Open(tls, log.Warn, log.Info) : null;
            if (settings is { Access.KnowsPeople: not true, Http.IsLoopback: false } && register.Count == 0)
            {
                problems.Add(new ConfigProblem("settings", 0, "access", $"other machines reach '{settings.Http.Listen}', but nobody could see anything: run "
                    + $"'{Command} board-token create' or '{Command} api-key create' with the same --config first, or set access.oidc "
                    + "or access.proxy_identity"));
                return null;
            }

            return new AccessParts(settings, folder, register, SecretOf(settings.Access?.Oidc), certificate);
        }
        catch (IOException error)
        {
            problems.Add(new ConfigProblem("settings", 0, "access", error.Message));
            return null;
        }
    }

    private static string? SecretOf(OidcSettings? oidc)
    {
        try
        {
            return oidc?.ClientSecretFile is { } file ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The secret of access.oidc cannot be read: {error.Message}", error);
        }
    }
}
