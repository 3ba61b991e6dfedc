using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Smimectl;

/// <summary>
/// The run folder of the demonstration: what the samples refer to and no repository may hold. Only what is missing is made, so that a
/// second start finds the same certificates and changes nothing.
/// </summary>
internal sealed class DemoFolder(string path, TimeProvider time)
{
    private const string ConnectorKeyFile = "connector.key";

    /// <summary>The manifests that were generated.</summary>
    public string Generated { get; } = Path.Combine(path, "generated");

    /// <summary>The tenant between two starts.</summary>
    public string TenantFile { get; } = Path.Combine(path, "tenant.json");

    /// <summary>The connector's private key, with which the simulator can open what was uploaded.</summary>
    public string ConnectorPrivateKey => File.ReadAllText(Path.Combine(path, "pki", ConnectorKeyFile));

    /// <summary>Makes what is missing; gives back how many files that were.</summary>
    public int Prepare()
    {
        var pkiFolder = Path.Combine(path, "pki");
        using var pki = SamplePki.Open(pkiFolder, time);
        var connectorKey = Path.Combine(pkiFolder, ConnectorKeyFile);
        if (!File.Exists(connectorKey))
        {
            using var key = RSA.Create(2048);
            PrivateFile.Write(connectorKey, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        var year = time.GetUtcNow().Year;
        (string File, Func<string> Content)[] files =
        [
            ("pki.yaml", () => DemoManifests.ConfigMap("pki", "root.pem", pki.RootPem)),
            ("connector-key.yaml", () => DemoManifests.ConfigMap("intune-connector-key", "public.pem", PublicKey(connectorKey))),
            ("alice-2021.yaml", () => Pkcs12(pki, "alice-2021", "Alice Ames", "alice@contoso.com", Years(2021, 2), isLegacy: true)),
            ("alice-current.yaml", () => Pkcs12(pki, "alice-current", "Alice Ames", "alice@contoso.com", Current(year), isLegacy: false)),
            ("bob-2022.yaml", () => Pkcs12(pki, "bob-2022", "Bob Baker", "bob@contoso.com", Years(2022, 2), isLegacy: true)),
            ("bob-smime.yaml", () => Tls(pki, "bob-smime", "Bob Baker", "bob@contoso.com", Current(year))),
            ("carol-2020.yaml", () => Pkcs12(pki, "carol-2020", "Carol Clark", "carol@contoso.com", Years(2020, 3), isLegacy: true, user: "carol")),
            ("carol-current.yaml", () => Pkcs12(pki, "carol-current", "Carol Clark", "carol@contoso.com", Current(year), isLegacy: false, user: "carol")),
        ];
        var missing = files.Where(f => !File.Exists(Path.Combine(Generated, f.File))).ToList();
        // Keys take their time; each is made on a thread of its own.
        Parallel.ForEach(missing, f => PrivateFile.Write(Path.Combine(Generated, f.File), Encoding.UTF8.GetBytes(f.Content())));
        return missing.Count;
    }

    private static string PublicKey(string keyFile)
    {
        using var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(keyFile));
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    private static string Pkcs12(
        SamplePki pki, string secret, string name, string address, (DateTimeOffset From, DateTimeOffset To) validity, bool isLegacy, string? user = null)
    {
        using var certificate = pki.Issue(name, address, validity.From, validity.To);
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        // Old tools wrote 3DES and SHA-1; an archive of the last years holds both forms.
        var file = certificate.ExportPkcs12(isLegacy ? Pkcs12ExportPbeParameters.Pkcs12TripleDesSha1 : Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
        return DemoManifests.Pkcs12Secret(secret, file, password, user);
    }

    private static string Tls(SamplePki pki, string secret, string name, string address, (DateTimeOffset From, DateTimeOffset To) validity)
    {
        using var certificate = pki.Issue(name, address, validity.From, validity.To);
        using var key = certificate.GetRSAPrivateKey()!;
        return DemoManifests.TlsSecret(secret, certificate.ExportCertificatePem() + "\n" + pki.RootPem, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static (DateTimeOffset, DateTimeOffset) Years(int from, int count) =>
        (new DateTimeOffset(from, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(from + count, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static (DateTimeOffset, DateTimeOffset) Current(int year) => Years(year - 1, 4);
}
