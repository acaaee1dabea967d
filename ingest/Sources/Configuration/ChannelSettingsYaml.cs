using System.Buffers;
using System.Net;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads what the <c>alerts</c> section says of channels: <c>channels</c>, <c>private_hosts</c>, and the older <c>webhook</c>.</summary>
internal static class ChannelSettingsYaml
{
    private const int MostChannels = 16;
    private const int MostTexts = 100;

    private static readonly SearchValues<char> InNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> NotInAddresses = SearchValues.Create("<>()[],;:\\\"");

    private static readonly (string Word, ChannelType Type)[] Types =
        [("webhook", ChannelType.Webhook), ("alertmanager", ChannelType.Alertmanager), ("email", ChannelType.Email), ("pagerduty", ChannelType.PagerDuty)];

    private static readonly (string Word, AlertKind Kind)[] Kinds = [.. Enum.GetValues<AlertKind>().Select(static kind => (AlertRule.TextOf(kind), kind))];

    /// <summary>The channels, and the hosts that may have a private address.</summary>
    public static (IReadOnlyList<ChannelSettings> Channels, IReadOnlyList<string> PrivateHosts) Read(YamlSection alerts)
    {
        var channels = new List<ChannelSettings>();
        var hosts = alerts.Texts("private_hosts").ToList();
        foreach (var host in hosts.Where(static host => Uri.CheckHostName(host.Trim('[', ']')) is UriHostNameType.Unknown or UriHostNameType.Basic))
        {
            alerts.Report("private_hosts", $"must be names or addresses without scheme and port, like alertmanager or 10.0.0.5, not '{host}'");
        }

        if (ReadOlder(alerts.Section("webhook")) is { } older)
        {
            channels.Add(older);
            hosts.Add(older.Host); // It was allowed to lie anywhere when this key was the only one; who wrote it has named it.
        }

        foreach (var section in alerts.Sections("channels"))
        {
            if (Read(section, hosts) is not { } channel)
            {
                continue;
            }

            if (channels.Exists(other => other.Name == channel.Name))
            {
                section.Report("name", $"'{channel.Name}' is the name of another channel");
            }

            channels.Add(channel);
        }

        if (channels.Count > MostChannels)
        {
            alerts.Report("channels", $"has {channels.Count} channels; at most {MostChannels} are allowed");
        }

        return (channels, hosts);
    }

    private static ChannelSettings? ReadOlder(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var url = section.WebAddress("url");
        var header = section.Text("header");
        if (header is not null && !HeaderText.TryParse(header, out _, out _))
        {
            section.Report("header", HeaderText.Rule);
        }

        section.Close();
        return url is null ? null : new ChannelSettings
        {
            Name = ChannelSettings.OlderName,
            Type = ChannelType.Webhook,
            Url = url,
            Header = header is null ? null : new SecretSource { Inline = header },
        };
    }

    private static ChannelSettings? Read(YamlSection section, List<string> privateHosts)
    {
        var name = ReadName(section);
        if (ReadType(section) is not { } type)
        {
            return null;
        }

        var channel = new ChannelSettings
        {
            Name = name,
            Type = type,
            Grade = section.Word<AlertGrade>("grade") ?? AlertGrade.Report,
            Kinds = ReadKinds(section),
            Units = Bounded(section, "units"),
            Language = section.Word<MessageLanguage>("language") ?? MessageLanguage.Vi,
            AuthorityFile = section.Text("ca_file"),
        };
        channel = type switch
        {
            ChannelType.Webhook => channel with { Url = section.WebAddress("url"), Secret = ReadSecret(section, "secret"), Header = ReadHeader(section) },
            ChannelType.Alertmanager => channel with
            {
                Url = section.WebAddress("url"),
                Header = ReadHeader(section),
                ResendEvery = section.Duration("resend_every", "resend_every_seconds", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(4)) ?? channel.ResendEvery,
            },
            ChannelType.PagerDuty => channel with
            {
                Url = section.Find("url") is null ? new Uri("https://events.pagerduty.com/v2/enqueue") : section.WebAddress("url"),
                Secret = ReadSecret(section, "routing_key", required: true),
            },
            _ => channel with { Email = ReadEmail(section), Secret = ReadSecret(section, "password") },
        };
        section.Close();
        if (channel is { Url: null, Email: null })
        {
            return null;
        }

        CheckHost(section, channel, privateHosts);
        return channel;
    }

    private static string ReadName(YamlSection section)
    {
        var name = section.RequiredText("name") ?? "";
        if (name.Length > 32 || name.AsSpan().ContainsAnyExcept(InNames))
        {
            section.Report("name", $"must be at most 32 of a-z, 0-9, '-' and '_', like van-hanh, not '{name}'");
        }

        return name;
    }

    private static ChannelType? ReadType(YamlSection section)
    {
        if (section.RequiredText("type") is not { } word)
        {
            return null;
        }

        var found = Array.FindIndex(Types, type => type.Word == word);
        if (found >= 0)
        {
            return Types[found].Type;
        }

        section.Report("type", $"unknown word '{word}'; {Suggestion.Sentence(word, [.. Types.Select(static type => type.Word)])}");
        return null;
    }

    private static List<AlertKind> ReadKinds(YamlSection section)
    {
        var kinds = new List<AlertKind>();
        foreach (var word in section.Texts("kinds"))
        {
            var found = Array.FindIndex(Kinds, kind => kind.Word == word);
            if (found >= 0)
            {
                kinds.Add(Kinds[found].Kind);
            }
            else
            {
                section.Report("kinds", $"unknown kind '{word}'; {Suggestion.Sentence(word, [.. Kinds.Select(static kind => kind.Word)])}");
            }
        }

        return kinds;
    }

    private static IReadOnlyList<string> Bounded(YamlSection section, string key, bool mayBeEmpty = true)
    {
        var texts = section.Texts(key, mayBeEmpty);
        if (texts.Count > MostTexts)
        {
            section.Report(key, $"has {texts.Count} items; at most {MostTexts} are allowed");
        }

        return texts;
    }

    private static SecretSource? ReadSecret(YamlSection section, string key, bool required = false)
    {
        var (file, variable) = (section.Text($"{key}_file"), section.Text($"{key}_env"));
        if (file is not null && variable is not null)
        {
            section.Report($"{key}_env", $"stands beside '{key}_file'; remove one of them");
        }
        else if (file is null && variable is null)
        {
            if (required)
            {
                section.Report($"{key}_file", $"is missing; name a file that holds the secret, or an environment variable with '{key}_env'");
            }

            return null;
        }

        return new SecretSource { File = file, Variable = file is null ? variable : null };
    }

    private static SecretSource? ReadHeader(YamlSection section)
    {
        var kept = ReadSecret(section, "header");
        if (section.Text("header") is not { } header)
        {
            return kept;
        }

        if (kept is not null)
        {
            section.Report("header", "stands beside 'header_file' or 'header_env'; remove one of them");
        }
        else if (!HeaderText.TryParse(header, out _, out _))
        {
            section.Report("header", HeaderText.Rule);
        }

        return new SecretSource { Inline = header };
    }

    private static EmailSettings? ReadEmail(YamlSection section)
    {
        var security = section.Text("security") ?? "starttls";
        if (security is not ("starttls" or "tls"))
        {
            section.Report("security", $"must be starttls or tls (from the first byte), not '{security}'; mail is never sent in the clear");
        }

        var (host, from) = (section.RequiredText("host"), section.RequiredText("from"));
        if (host is not null && Uri.CheckHostName(host.Trim('[', ']')) is UriHostNameType.Unknown or UriHostNameType.Basic)
        {
            section.Report("host", $"must be the name or address of the mail server, like smtp.example.vn, not '{host}'");
        }

        section.Require("to");
        var to = Bounded(section, "to", mayBeEmpty: false);
        if (from is not null && !IsAddress(from))
        {
            section.Report("from", $"must be an address like kpi@example.vn, not '{from}'");
        }

        foreach (var address in to.Where(static address => !IsAddress(address)))
        {
            section.Report("to", $"must be addresses like truc@example.vn, not '{address}'");
        }

        var isTls = security == "tls";
        var port = section.Integer("port", 1, 65_535) ?? (isTls ? 465 : 587);
        var user = section.Text("user");
        return host is null || from is null ? null : new EmailSettings(host, port, isTls, from, to, user);
    }

    private static bool IsAddress(string text) =>
        text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && text.Length <= 254
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.AsSpan().ContainsAny(NotInAddresses);

    /// <summary>A literal private address is refused at once; what a name is resolved to is judged when it is connected to.</summary>
    private static void CheckHost(YamlSection section, ChannelSettings channel, List<string> privateHosts)
    {
        var host = channel.Host.Trim('[', ']');
        var isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address)
            && !PublicAddress.IsPublic(address));
        if (isLocal && !privateHosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            section.Report(channel.Email is null ? "url" : "host", $"'{host}' is not a public address; name it under alerts.private_hosts if it is meant");
        }
    }
}
