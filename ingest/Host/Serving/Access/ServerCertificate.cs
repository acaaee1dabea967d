using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// The certificate that TLS connections are answered with, read again when its files have changed. Files that do not fit together leave the old one in force,
/// and are said. Any thread may ask; one looks again.
/// </summary>
internal sealed class ServerCertificate
{
    private readonly TlsSettings settings;
    private readonly Action<string> warn;
    private readonly Action<string> inform;
    private volatile SslServerAuthenticationOptions options;
    private byte[] used;
    private byte[] refused = [];
    private string told = "";

    private ServerCertificate(TlsSettings settings, Loaded loaded, byte[] content, Action<string> warn, Action<string> inform)
    {
        (this.settings, this.warn, this.inform) = (settings, warn, inform);
        (options, used, Leaf) = (OptionsOf(loaded), content, loaded.Leaf);
    }

    /// <summary>For the next connection.</summary>
    public SslServerAuthenticationOptions Options => options;

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Leaf { get; private set; }

    /// <summary>Reads it for the first time.</summary>
    /// <param name="settings">Where it is.</param>
    /// <param name="warn">Told why a newer one is not used.</param>
    /// <param name="inform">Told that a newer one is used.</param>
    /// <exception cref="IOException">It cannot be used; the message says why and what to do.</exception>
    public static ServerCertificate Open(TlsSettings settings, Action<string> warn, Action<string> inform) =>
        new(settings, Load(settings), ContentOf(settings), warn, inform);

    /// <summary>Looks whether the files hold another certificate, and uses it when it is good.</summary>
    public void LookAgain()
    {
        try
        {
            var content = ContentOf(settings);
            if (content.AsSpan().SequenceEqual(used))
            {
                (refused, told) = ([], "");
                return;
            }

            var loaded = Load(settings);
            (options, used, Leaf, refused, told) = (OptionsOf(loaded), content, loaded.Leaf, [], "");
            inform($"TLS: a new certificate is in use, valid until {loaded.Leaf.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.");
        }
        catch (IOException error)
        {
            Refuse(error.Message);
        }
    }

    /// <summary>Reads certificate and key.</summary>
    /// <exception cref="IOException">They cannot be used.</exception>
    public static Loaded Load(TlsSettings settings)
    {
        try
        {
            var password = settings.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
            return settings.Pfx is { } pfx ? LoadPfx(pfx, password) : LoadPem(settings.Certificate!, settings.Key ?? settings.Certificate!, password);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The certificate in {settings.Files[0]} cannot be used: {error.Message.TrimEnd('.')}. Name a certificate and the key that "
                + "belongs to it under http.tls.", error);
        }
    }

    private static Loaded LoadPem(string certificate, string key, string? password)
    {
        var leaf = password is null ? X509Certificate2.CreateFromPemFile(certificate, key)
            : X509Certificate2.CreateFromEncryptedPemFile(certificate, password, key);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(certificate);
        return new Loaded(leaf, [.. others.Where(other => other.Thumbprint != leaf.Thumbprint)]);
    }

    private static Loaded LoadPfx(string pfx, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(pfx, password);
        var leaf = all.FirstOrDefault(static one => one.HasPrivateKey) ?? throw new IOException("it holds no private key");
        return new Loaded(leaf, [.. all.Where(other => other != leaf)]);
    }

    /// <summary>A renewal replaces one file after the other: what does not fit is said when it is still so at the next look.</summary>
    private void Refuse(string why)
    {
        var content = Encoding.UTF8.GetBytes(why);
        if (content.AsSpan().SequenceEqual(refused) && told != why)
        {
            told = why;
            warn($"{why} The certificate of before stays in use, valid until {Leaf.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.");
        }

        refused = content;
    }

    /// <summary>SHA-256 over the bytes of all files.</summary>
    private static byte[] ContentOf(TlsSettings settings)
    {
        try
        {
            return SHA256.HashData(settings.Files.SelectMany(static file => SHA256.HashData(File.ReadAllBytes(file))).ToArray());
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static SslServerAuthenticationOptions OptionsOf(Loaded loaded) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(loaded.Leaf, [.. loaded.Others], offline: true),
        ApplicationProtocols = [SslApplicationProtocol.Http11],
    };

    /// <summary>A certificate with its key, and those between it and the root.</summary>
    internal sealed record Loaded(X509Certificate2 Leaf, IReadOnlyList<X509Certificate2> Others);
}
