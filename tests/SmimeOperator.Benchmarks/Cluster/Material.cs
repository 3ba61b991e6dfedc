using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeOperator.Benchmarks.Cluster;

/// <summary>Certificates with RSA-2048 keys, as S/MIME has them. Keys are few and shared: making one costs more than everything else that is measured.</summary>
internal sealed class Material : IDisposable
{
    private const int Keys = 8;
    private readonly (RSA Key, string Pem)[] _keys = [.. Enumerable.Range(0, Keys).Select(_ => Make())];

    /// <summary>The public key of a certificate connector, PEM.</summary>
    public string ConnectorKey { get; } = PublicKey();

    /// <summary>A certificate and its key, PEM, good for S/MIME encryption.</summary>
    public (string Certificate, string Key) Pair(int number, string address)
    {
        var (key, pem) = _keys[number % Keys];
        using var certificate = Certificate(key, number, address);
        return (certificate.ExportCertificatePem(), pem);
    }

    /// <summary>A PKCS#12 file as Windows and openssl write it today: AES and PBKDF2.</summary>
    public byte[] Pkcs12(int number, string address, string password)
    {
        var (key, _) = _keys[number % Keys];
        using var certificate = Certificate(key, number, address);
        using var keyed = certificate.CopyWithPrivateKey(key);
        return keyed.Export(X509ContentType.Pkcs12, password);
    }

    /// <summary>A root certificate, PEM.</summary>
    public string Root()
    {
        var request = new CertificateRequest("CN=Contoso Root", _keys[0].Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return certificate.ExportCertificatePem();
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_keys, k => k.Key.Dispose());

    private static X509Certificate2 Certificate(RSA key, int number, string address)
    {
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        var now = TimeProvider.System.GetUtcNow();
        return request.Create(
            new X500DistinguishedName("CN=Bench CA"),
            X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1),
            now.AddDays(-1),
            now.AddYears(1),
            Encoding.ASCII.GetBytes($"serial-{number}"));
    }

    private static (RSA Key, string Pem) Make()
    {
        var key = RSA.Create(2048);
        return (key, key.ExportPkcs8PrivateKeyPem());
    }

    private static string PublicKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportSubjectPublicKeyInfoPem();
    }
}
