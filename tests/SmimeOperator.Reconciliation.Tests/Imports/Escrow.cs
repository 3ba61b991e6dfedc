using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>An escrow's Secrets: certificates of one year each, of one key, for whoever is named.</summary>
internal static class Escrow
{
    public const string Label = "smime-operator.io/escrow";

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ConcurrentDictionary<(string User, int Year), string> Made = new();

    // Ten of them have begun.
    private static readonly DateTimeOffset Start = new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A key that stands in every Secret here, and nowhere else.</summary>
    public static string KeyText => Key.ExportPkcs8PrivateKeyPem().Split('\n')[1];

    /// <summary>A Secret as cert-manager writes it, labelled and annotated; gives back the certificate's thumbprint.</summary>
    public static string PutTls(TenantWorld world, string secret, string user, int year, bool annotated = true)
    {
        var pem = Made.GetOrAdd((user, year), static of =>
        {
            using var certificate = Certificate(of.User, of.Year);
            return certificate.ExportCertificatePem();
        });
        using var certificate = X509Certificate2.CreateFromPem(pem);
        world.Catalog.Put(
            DataKind.Secret,
            secret,
            new()
            {
                ["tls.crt"] = Encoding.ASCII.GetBytes(pem),
                ["tls.key"] = Encoding.ASCII.GetBytes(Key.ExportPkcs8PrivateKeyPem()),
            },
            new() { [Label] = "true" },
            annotations: annotated ? new() { [Annotations.UserPrincipalName] = user } : null);
        return certificate.Thumbprint.ToLowerInvariant();
    }

    /// <summary>A labelled Secret with any content.</summary>
    public static void Put(TenantWorld world, string secret, string? user, Dictionary<string, byte[]> data) => world.Catalog.Put(
        DataKind.Secret, secret, data, new() { [Label] = "true" }, annotations: user is null ? null : new() { [Annotations.UserPrincipalName] = user });

    /// <summary>The import of everything that is labelled.</summary>
    public static CertificateImport AddImport(TenantWorld world, string name = "escrow", Action<CertificateImportSpec>? change = null) =>
        world.AddImport(name, s =>
        {
            s.UserPrincipalName = null;
            s.Users = new BulkUsers { FromSecrets = new BulkSecrets { Selector = new LabelSelector { MatchLabels = new() { [Label] = "true" } } } };
            change?.Invoke(s);
        });

    private static X509Certificate2 Certificate(string address, int year)
    {
        var request = new CertificateRequest($"CN={address}", Key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyAgreement, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        return request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(Key), Start.AddYears(year), Start.AddYears(year + 1), RandomNumberGenerator.GetBytes(8));
    }
}
