using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeOperator.Tests;

/// <summary>Certificates and keys for tests, made on the spot.</summary>
internal static class SampleKeys
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A root certificate, PEM.</summary>
    public static string Root()
    {
        var request = new CertificateRequest("CN=Contoso Root", Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = Sign(request);
        return certificate.ExportCertificatePem();
    }

    /// <summary>The public key of a certificate connector, PEM.</summary>
    public static string ConnectorKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>A Secret of type kubernetes.io/tls with an S/MIME encryption certificate of a user.</summary>
    public static string TlsSecret(string @namespace, string name, string address)
    {
        var (certificate, key) = Pair(address);
        return $$"""
            apiVersion: v1
            kind: Secret
            type: kubernetes.io/tls
            metadata: {name: "{{name}}", namespace: "{{@namespace}}"}
            data: {tls.crt: {{Base64(certificate)}}, tls.key: "{{Base64(key)}}"}
            """;
    }

    private static (string Certificate, string Key) Pair(string address)
    {
        var request = new CertificateRequest($"CN={address}", Key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        using var certificate = Sign(request);
        return (certificate.ExportCertificatePem(), Key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Sign(CertificateRequest request) =>
        request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
