using System.Security.Cryptography.X509Certificates;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>What a receiver of alerts is.</summary>
public enum ChannelType
{
    Webhook,
    Alertmanager,
    Email,
    PagerDuty,
}

/// <summary>The language of the messages of a channel.</summary>
public enum MessageLanguage
{
    Vi,
    En,
}

/// <summary>A way on which alerts reach somebody. Immutable.</summary>
public sealed record ChannelSettings
{
    /// <summary>The name of the channel that the older key <c>alerts.webhook</c> describes.</summary>
    public const string OlderName = "webhook";

    public required string Name { get; init; }

    public required ChannelType Type { get; init; }

    /// <summary>What it is told of: all alerts of this grade and above.</summary>
    public AlertGrade Grade { get; init; } = AlertGrade.Report;

    /// <summary>What it is told of; empty for all kinds.</summary>
    public IReadOnlyList<AlertKind> Kinds { get; init; } = [];

    /// <summary>Codes of units, each with everything below it; empty for all units.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    public MessageLanguage Language { get; init; }

    /// <summary>http or https; null for e-mail.</summary>
    public Uri? Url { get; init; }

    /// <summary>What signs (webhook), opens (e-mail) or addresses (PagerDuty); null for nothing.</summary>
    public SecretSource? Secret { get; init; }

    /// <summary>A header sent along, <c>Name: value</c>; null for none.</summary>
    public SecretSource? Header { get; init; }

    /// <summary>A PEM file of the certificates trusted instead of the machine's; null for the machine's.</summary>
    public string? AuthorityFile { get; init; }

    public EmailSettings? Email { get; init; }

    /// <summary>How often what fires is sent again (Alertmanager).</summary>
    public TimeSpan ResendEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The host it connects to.</summary>
    public string Host => Email?.Host ?? Url!.IdnHost;

    /// <summary>Without path, query and header, any of which may hold a secret.</summary>
    public override string ToString() => Email is { } mail ? $"{mail.Host}:{mail.Port}" : $"{Url!.Scheme}://{Url.Authority}";

    internal ChannelSettings In(string directory) => this with
    {
        Secret = Secret?.In(directory),
        Header = Header?.In(directory),
        AuthorityFile = TlsSettings.In(directory, AuthorityFile),
    };
}

/// <summary>A mail server and who gets mail.</summary>
/// <param name="Host">The server.</param>
/// <param name="Port">587 for STARTTLS, 465 for TLS from the first byte.</param>
/// <param name="IsImplicitTls">True for TLS from the first byte (SMTPS), false for STARTTLS, without which nothing is sent.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The receivers' addresses, at least one.</param>
/// <param name="User">Who signs in; null for nobody.</param>
public sealed record EmailSettings(string Host, int Port, bool IsImplicitTls, string From, IReadOnlyList<string> To, string? User);

/// <summary>Where a secret is: in a file that only its owner may read, in an environment variable, or in the settings themselves.</summary>
public sealed record SecretSource
{
    private const string Advice = "write the secret on one line";

    public string? File { get; init; }

    public string? Variable { get; init; }

    /// <summary>Never shown.</summary>
    public string? Inline { get; init; }

    /// <summary>Reads the lines of the secret; null when <paramref name="problems"/> got any.</summary>
    /// <param name="key">Its key in the settings, for messages.</param>
    public IReadOnlyList<string>? Load(string key, ICollection<ConfigProblem> problems)
    {
        var text = Inline;
        if (File is not null)
        {
            if (SecretFile.Load(File, Advice, "who reads it can speak in this server's name", problems) is not { } read)
            {
                return null;
            }

            text = read;
        }
        else if (Variable is not null)
        {
            text = Environment.GetEnvironmentVariable(Variable);
        }

        string[] lines = [.. (text ?? "").Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        if (lines.Length > 0)
        {
            return lines;
        }

        problems.Add(new ConfigProblem(
            File ?? SettingsFile.DefaultName, 0, key, File is not null ? "is empty; write the secret on one line"
                : $"the environment variable {Variable} is not "
                + "set; set it for the service, or name a file"));
        return null;
    }

    /// <summary>Without what it holds.</summary>
    public override string ToString() => File is not null ? $"the file {File}" : Variable is not null ? $"the environment variable {Variable}" : "the settings";

    internal SecretSource In(string directory) => this with { File = TlsSettings.In(directory, File) };
}

/// <summary>What a channel needs and the settings only name, read. Immutable; never shown.</summary>
/// <param name="Secret">The lines of the secret; empty where there is none.</param>
/// <param name="Header">A header's name and value; null for none.</param>
/// <param name="Authorities">Certificates trusted instead of the machine's; null for the machine's.</param>
public sealed record ChannelSecrets(IReadOnlyList<string> Secret, (string Name, string Value)? Header, X509Certificate2Collection? Authorities)
{
    /// <summary>The shortest secret that signs: 16 characters.</summary>
    public const int LeastSigning = 16;

    /// <summary>Reads them; null when <paramref name="problems"/> got any.</summary>
    public static ChannelSecrets? Load(ChannelSettings channel, ICollection<ConfigProblem> problems)
    {
        var before = problems.Count;
        var at = $"alerts.channels.{channel.Name}";
        var secret = channel.Secret?.Load($"{at}.secret", problems) ?? [];
        var header = channel.Header?.Load($"{at}.header", problems) is [var line, ..] ? HeaderOf(line, $"{at}.header", problems) : null;
        var authorities = channel.AuthorityFile is { } file ? AuthoritiesOf(file, problems) : null;
        if (channel.Type == ChannelType.Webhook && secret.Any(static each => each.Length < LeastSigning))
        {
            problems.Add(new ConfigProblem(
                channel.Secret!.File ?? SettingsFile.DefaultName, 0, $"{at}.secret", $"is shorter than {LeastSigning} characters; make one with 'openssl "
                    + $"rand -hex 32'"));
        }

        return problems.Count == before ? new ChannelSecrets(secret, header, authorities) : null;
    }

    /// <summary>Says what of all channels' secrets cannot be read.</summary>
    public static void Check(Settings settings, ICollection<ConfigProblem> problems)
    {
        foreach (var channel in settings.Alerts.Channels)
        {
            Load(channel, problems);
        }
    }

    private static (string Name, string Value)? HeaderOf(string line, string key, ICollection<ConfigProblem> problems)
    {
        if (HeaderText.TryParse(line, out var name, out var value))
        {
            return (name, value);
        }

        problems.Add(new ConfigProblem(SettingsFile.DefaultName, 0, key, HeaderText.Rule));
        return null;
    }

    private static X509Certificate2Collection? AuthoritiesOf(string file, ICollection<ConfigProblem> problems)
    {
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            if (read.Count > 0)
            {
                return read;
            }

            problems.Add(new ConfigProblem(file, 0, "", "holds no certificate; it must be a PEM file with those of the authorities to trust"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            problems.Add(new ConfigProblem(file, 0, "", $"cannot be read ({error.Message}); it must be a PEM file with the certificates to trust"));
        }

        return null;
    }
}

/// <summary>A header as the settings write it: a token of RFC 9110, a colon, and printable ASCII.</summary>
internal static class HeaderText
{
    public const string Rule = "must be a header like 'Authorization: Bearer …' on one line";

    private static readonly System.Buffers.SearchValues<char> Token =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static bool TryParse(string line, out string name, out string value)
    {
        var colon = line.IndexOf(':');
        (name, value) = colon > 0 ? (line[..colon], line[(colon + 1)..].Trim()) : ("", "");
        return colon > 0 && name.AsSpan().IndexOfAnyExcept(Token) < 0 && !line.AsSpan().ContainsAnyExceptInRange(' ', '~');
    }
}
