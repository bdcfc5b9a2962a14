#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LLMOS.Silo;

namespace LLMOS.Client.Tests.Http;

/// <summary>HTTPS by a certificate of one's own, and certificates that are none.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmos-tls-");

    [Theory]
    [InlineData("pem")]
    [InlineData("pem+key")]
    [InlineData("pfx")]
    public async Task A_silo_with_a_certificate_speaks_https_and_nothing_else(string kind)
    {
        using var certificate = Make();
        var options = Options(Write(certificate, kind));
        await using var host = LlmosHost.CreateBuilder(options).Build();
        await host.StartAsync();
        Assert.Equal("https", host.HttpAddress!.Scheme);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint };
        using var http = new HttpClient(handler) { BaseAddress = host.HttpAddress };
        using var models = await http.GetAsync("v1/models");
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(host.HttpAddress) { Scheme = "http", Path = "v1/models" }.Uri));
        using var distrustful = new HttpClient { BaseAddress = host.HttpAddress };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => distrustful.GetAsync("v1/models"));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("missing", "There is no file")]
    [InlineData("text", "cannot be used")]
    [InlineData("keyless", "cannot be used")]
    [InlineData("password", "cannot be used")]
    [InlineData("key alone", "HttpCertificate names nothing")]
    public void A_certificate_that_is_none_keeps_the_silo_from_starting_with_a_sentence(string kind, string says)
    {
        using var certificate = Make();
        var path = Path.Combine(_folder.FullName, "wrong.pem");
        var options = Options((path, null, null));
        switch (kind)
        {
            case "text":
                File.WriteAllText(path, "no certificate");
                break;
            case "keyless":
                File.WriteAllText(path, certificate.ExportCertificatePem());
                break;
            case "password":
                options = Options(Write(certificate, "pfx"));
                options.HttpCertificatePassword = "another";
                break;
            case "key alone":
                options = Options((null, path, null));
                break;
            default:
                break;
        }

        var refusal = Assert.Throws<LlmosException>(() => LlmosHost.CreateBuilder(options).Build());
        Assert.Equal(LlmosErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private (string? Path, string? Key, string? Password) Write(X509Certificate2 certificate, string kind)
    {
        var path = Path.Combine(_folder.FullName, kind == "pfx" ? "silo.pfx" : "silo.pem");
        var key = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        switch (kind)
        {
            case "pfx":
                File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "secret"));
                return (path, null, "secret");
            case "pem":
                File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key}\n");
                return (path, null, null);
            default:
                File.WriteAllText(path, certificate.ExportCertificatePem());
                File.WriteAllText(path + ".key", key);
                return (path, path + ".key", null);
        }
    }

    private LlmosSiloOptions Options((string? Path, string? Key, string? Password) certificate)
    {
        var options = new LlmosSiloOptions
        {
            Data = Path.Combine(_folder.FullName, "data"),
            HttpPort = 0,
            HttpCertificate = certificate.Path,
            HttpCertificateKey = certificate.Key,
            HttpCertificatePassword = certificate.Password,
        };
        options.Models.Default = ToolModel.Path;
        options.Models.Threads = 1;
        return options;
    }
}
