using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Smimectl;

/// <summary>A small certification authority that issues S/MIME certificates to try things with. Kept in a folder nobody else may read.</summary>
internal sealed class SamplePki : IDisposable
{
    private const int KeyBits = 2048;

    private readonly X509Certificate2 _root;

    private SamplePki(X509Certificate2 root) => _root = root;

    /// <summary>The root certificate as PEM.</summary>
    public string RootPem => _root.ExportCertificatePem() + "\n";

    /// <summary>Opens the authority of a folder, or makes it.</summary>
    public static SamplePki Open(string folder, TimeProvider time)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "root.pem"), Path.Combine(folder, "root.key"));
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            return new SamplePki(X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile), File.ReadAllText(keyFile)));
        }

        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=Contoso Sample Root CA, O=Contoso", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var root = request.CreateSelfSigned(new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero), time.GetUtcNow().AddYears(20));
        PrivateFile.Write(keyFile, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFile.Write(certificateFile, System.Text.Encoding.ASCII.GetBytes(root.ExportCertificatePem()));
        return new SamplePki(root);
    }

    /// <summary>Issues an S/MIME certificate with its key.</summary>
    public X509Certificate2 Issue(string name, string address, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN={name}, O=Contoso", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_root, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose() => _root.Dispose();
}
