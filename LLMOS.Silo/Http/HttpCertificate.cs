using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LLMOS.Silo.Http;

/// <summary>The certificate that a silo shows over HTTPS: a PEM file with its key in it or beside it, or a PKCS #12 file.</summary>
internal static class HttpCertificate
{
    /// <summary>How Kestrel is to speak TLS; null where no certificate is named.</summary>
    /// <exception cref="LlmosException">A file is not there, or has no certificate with a key.</exception>
    public static HttpsConnectionAdapterOptions? Read(LlmosSiloOptions options)
    {
        if (options.HttpCertificate is not { Length: > 0 } path)
        {
            return options.HttpCertificateKey is { Length: > 0 } key
                ? throw LlmosException.InvalidArgument($"HttpCertificateKey names '{key}', and HttpCertificate names nothing: name the certificate, too.")
                : null;
        }

        foreach (var file in new[] { path, options.HttpCertificateKey }.Where(file => file is { Length: > 0 } && !File.Exists(file)))
        {
            throw LlmosException.InvalidArgument($"There is no file '{file}', which HttpCertificate or HttpCertificateKey names: name a PEM or PKCS #12 file.");
        }

        try
        {
            return Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12"
                ? Of(X509CertificateLoader.LoadPkcs12FromFile(path, options.HttpCertificatePassword), [])
                : Of(LoadPem(path, options), Chain(path));
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new LlmosException(
                LlmosErrorCode.InvalidArgument,
                $"The certificate '{path}' cannot be used: {wrong.Message.TrimEnd('.')}. Name a PEM file with its key (HttpCertificateKey for a file of its own) or a PKCS #12 file, and HttpCertificatePassword where it has one.",
                wrong);
        }
    }

    private static HttpsConnectionAdapterOptions Of(X509Certificate2 certificate, X509Certificate2Collection chain) => certificate.HasPrivateKey
        ? new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = chain }
        : throw new CryptographicException("it has no private key");

    private static X509Certificate2 LoadPem(string path, LlmosSiloOptions options)
    {
        var key = options.HttpCertificateKey is { Length: > 0 } file ? file : path;
        var certificate = options.HttpCertificatePassword is { Length: > 0 } password
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password, key)
            : X509Certificate2.CreateFromPemFile(path, key);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS takes no key that is in memory alone.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    private static X509Certificate2Collection Chain(string path)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        return chain;
    }
}
