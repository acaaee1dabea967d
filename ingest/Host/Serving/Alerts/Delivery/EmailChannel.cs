using System.Net.Sockets;
using System.Security.Cryptography;
using KpiStream.Engine.Alerts;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Sends each message as mail over an encrypted connection whose certificate is checked. The id of a mail follows from key and number, so that a repeat is the
/// same mail; mails of a key are one thread.
/// </summary>
internal sealed class EmailChannel(ChannelSettings settings, ChannelSecrets secrets, AddressPolicy addresses, TimeProvider time) : IAlertChannel
{
    private readonly EmailSettings mail = settings.Email!;

    public string Name => settings.Name;

    public string Address => settings.ToString();

    public async Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop)
    {
        var outcome = await WithServerAsync(async client =>
        {
            using var letter = LetterOf(messages[0].Message);
            await client.SendAsync(letter, stop);
        }, stop);
        return outcome;
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        var result = await WithServerAsync(async client => await client.NoOpAsync(stop), stop);
        return new ProbeResult(result.Outcome, result.Outcome == SendOutcome.Taken ? mail.User is null ? "answers" : "answers and lets the user in"
            : result.Problem);
    }

    public void Dispose()
    {
        // A connection lasts for one mail.
    }

    private async Task<SendResult> WithServerAsync(Func<SmtpClient, Task> use, CancellationToken stop)
    {
        try
        {
            using var client = new Client { CheckCertificateRevocation = false };
            if (secrets.Authorities is { } authorities)
            {
                client.ServerCertificateValidationCallback = (_, certificate, chain, errors) => OutboundHttp.IsTrusted(certificate, chain, errors, authorities);
            }

            using var socket = await addresses.ConnectAsync(mail.Host, mail.Port, stop);
            await client.ConnectAsync(socket, mail.Host, mail.Port, mail.IsImplicitTls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls, stop);
            if (mail.User is { } user)
            {
                await client.AuthenticateAsync(user, secrets.Secret is [var password, ..] ? password : "", stop);
            }

            await use(client);
            await LeaveAsync(client, stop);
            return client.Refused is { } refused ? SendResult.Taken with { Problem = $"some of its receivers are refused (SMTP {(int)refused})" }
                : SendResult.Taken;
        }
        catch (Exception error) when (Judge(error) is { } result)
        {
            return result;
        }
    }

    /// <summary>The mail is taken by now, whatever becomes of the goodbye.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken stop)
    {
        try
        {
            await client.DisconnectAsync(true, stop);
        }
        catch (Exception error) when (error is IOException or ProtocolException or SmtpCommandException or OperationCanceledException)
        {
            // Disposing of the client closes the connection.
        }
    }

    /// <summary>Null for what is no answer of a mail server or a network.</summary>
    private static SendResult? Judge(Exception error) => error switch
    {
        SmtpCommandException { StatusCode: var status } => OfStatus((int)status),
        RefusedAddressException refused => SendResult.Misconfigured(refused.Message),
        AuthenticationException => SendResult.Misconfigured("the user or the password is refused"),
        SslHandshakeException => SendResult.Misconfigured("its certificate is not trusted, or it does not speak TLS at this port; check ca_file, port and "
            + "security"),
        NotSupportedException => SendResult.Misconfigured("it offers no STARTTLS, or no way to sign in that is known"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            SendResult.Broken("its name cannot be resolved"),
        SocketException => SendResult.Broken("it cannot be reached"),
        ProtocolException or IOException => SendResult.Broken("it ends the connection or gives no proper answer"),
        _ => null,
    };

    /// <summary>4yz is to be tried again; of 5yz some are about who sends and not about this mail (RFC 5321, 4.2).</summary>
    private static SendResult OfStatus(int status) => status switch
    {
        < 500 => SendResult.Broken($"SMTP {status}"),
        530 or 534 or 535 or 538 or 502 or 503 => SendResult.Misconfigured($"SMTP {status}"),
        _ => new SendResult(SendOutcome.Rejected, $"SMTP {status}", $"smtp_{status}"),
    };

    private MimeMessage LetterOf(DeliveryMessage message)
    {
        var domain = mail.From[(mail.From.IndexOf('@') + 1)..];
        var (key, number) = (HashOf(message.Key), message.Number);
        var letter = new MimeMessage
        {
            Subject = message.Text(settings.Language).Subject,
            Date = time.GetUtcNow().ToOffset(TimeSpan.FromMilliseconds(LocalTime.OffsetMillis)),
        };
        letter.From.Add(new MailboxAddress("KpiStream", mail.From));
        letter.To.AddRange(mail.To.Select(MailboxAddress.Parse));
        letter.MessageId = $"{key}.{number}@{domain}";
        letter.References.Add($"{key}@{domain}");
        letter.Headers.Add("Auto-Submitted", "auto-generated");
        letter.Headers.Add(WebhookSignature.KeyHeader, key);
        letter.Headers.Add(WebhookSignature.NumberHeader, $"{number}");
        letter.Importance = message.Grade >= AlertGrade.Alarm && !message.IsOver ? MessageImportance.High : MessageImportance.Normal;
        letter.Body = new BodyBuilder
        {
            TextBody = MessagePage.Text(message, settings.Language),
            HtmlBody = MessagePage.Html(message, settings.Language),
        }.ToMessageBody();
        return letter;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32];

    /// <summary>A mail that some receivers take is sent: the one address that was mistyped must not keep it from the others.</summary>
    private sealed class Client : SmtpClient
    {
        /// <summary>Why some receiver was refused; null when none was.</summary>
        public SmtpStatusCode? Refused { get; private set; }

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Refused ??= response.StatusCode;

        protected override void OnNoRecipientsAccepted(MimeMessage message) => throw new SmtpCommandException(
            SmtpErrorCode.RecipientNotAccepted, Refused ?? SmtpStatusCode.MailboxUnavailable, "no receiver was accepted");
    }
}
