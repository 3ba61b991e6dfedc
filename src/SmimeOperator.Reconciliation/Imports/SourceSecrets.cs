using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>Finds the Secrets of an import's sources and opens them. Data is read when a source is opened, cleared right after, and never kept.</summary>
internal sealed class SourceSecrets(CertificateImport import, IResourceCatalog catalog)
{
    private const string TlsCertificate = "tls.crt";
    private const string TlsKey = "tls.key";
    private const string DefaultPasswordKey = "password";

    // What cert-manager puts beside keystore.p12: certificates of authorities, without keys.
    private const string TrustStore = "truststore.p12";

    private readonly string _namespace = import.Metadata.NamespaceProperty;

    /// <summary>The sources: those listed, and one for each Secret that the selector finds and the list does not name.</summary>
    public IReadOnlyList<CertificateSourceSpec> List()
    {
        var listed = import.Spec.Sources ?? [];
        if (import.Spec.SourceSelector is not { } selector)
        {
            return listed;
        }

        var named = listed.Select(SecretOf).ToHashSet();
        return
        [
            .. listed,
            .. catalog.FindSecrets(_namespace, selector)
                .Where(s => !named.Contains(s.Name.Name))
                .OrderBy(s => s.Name.Name, StringComparer.Ordinal)
                .Select(s => new CertificateSourceSpec { Name = s.Name.Name }),
        ];
    }

    /// <summary>The version of everything that a source consists of; null while its Secret is not there.</summary>
    public string? VersionOf(CertificateSourceSpec source)
    {
        var version = catalog.FindData(DataKind.Secret, Name(SecretOf(source)))?.Version;
        return PasswordSecretOf(source) is { } password && version is not null
            ? $"{version}+{catalog.FindData(DataKind.Secret, Name(password.Name))?.Version}"
            : version;
    }

    /// <summary>The name of the source's Secret.</summary>
    public static string SecretOf(CertificateSourceSpec source) =>
        source.Pkcs12?.SecretName ?? source.Tls?.SecretName ?? source.Pem?.SecretName ?? source.Name;

    /// <summary>Opens a source: one part, or one for each key of its Secret that fits.</summary>
    /// <exception cref="VerdictException">A Secret or key is missing.</exception>
    public async Task<IReadOnlyList<SourcePart>> OpenAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        var secret = SecretOf(source);
        var data = await catalog.ReadDataAsync(DataKind.Secret, Name(secret), cancellationToken) ?? throw Missing(source, $"there is no Secret {secret}");
        char[]? shared = null;
        try
        {
            shared = await SharedPasswordAsync(source, cancellationToken);
            if (source.Tls is not null || (IsSelected(source) && data.ContainsKey(TlsCertificate)))
            {
                var (certificate, key) = (Key(source, secret, data, TlsCertificate), Key(source, secret, data, TlsKey));
                return [SourcePart.Open(source.Name, () => CertificateReader.ReadPem(certificate, key, []))];
            }

            return source.Pem is { } pem ? [OpenPem(source, pem, data, shared)] : OpenPkcs12(source, secret, data, shared);
        }
        finally
        {
            Array.Clear(shared ?? []);
            Clear(data);
        }
    }

    private static SourcePart OpenPem(CertificateSourceSpec source, PemSource pem, IReadOnlyDictionary<string, byte[]> data, char[]? shared)
    {
        var certificates = Key(source, pem.SecretName, data, pem.CertificateKey);
        var keys = pem.PrivateKeyKey is { } name ? Key(source, pem.SecretName, data, name) : certificates;
        return WithPassword(data, pem.PasswordKey, shared, password => SourcePart.Open(source.Name, () => CertificateReader.ReadPem(certificates, keys, password)));
    }

    private static IReadOnlyList<SourcePart> OpenPkcs12(
        CertificateSourceSpec source, string secret, IReadOnlyDictionary<string, byte[]> data, char[]? shared)
    {
        var files = FilesOf(source, data).OrderBy(f => f.Key, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw Missing(source, $"Secret {secret} has no key {source.Pkcs12?.Key ?? "tls.crt, and none that ends in .p12 or .pfx"}");
        }

        return [.. files.Select(file => WithPassword(data, file.PasswordKey, shared, password => SourcePart.Open(
            files.Count == 1 ? source.Name : $"{source.Name}/{file.Key}", () => CertificateReader.ReadPkcs12(data[file.Key], password))))];
    }

    /// <summary>The keys that hold files, each with the key that holds its password.</summary>
    private static IEnumerable<(string Key, string? PasswordKey)> FilesOf(CertificateSourceSpec source, IReadOnlyDictionary<string, byte[]> data)
    {
        if (source.Pkcs12 is not { } pkcs12)
        {
            return data.Keys
                .Where(key => key != TrustStore && Path.GetExtension(key) is ".p12" or ".pfx")
                .Select(key => (key, (string?)(data.ContainsKey(Own(key)) ? Own(key) : DefaultPasswordKey)));
        }

        var star = pkcs12.Key.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return data.ContainsKey(pkcs12.Key) ? [(pkcs12.Key, pkcs12.PasswordKey)] : [];
        }

        var (before, after) = (pkcs12.Key[..star], pkcs12.Key[(star + 1)..]);
        return data.Keys
            .Where(key => key.Length >= before.Length + after.Length
                && key.StartsWith(before, StringComparison.Ordinal) && key.EndsWith(after, StringComparison.Ordinal))
            .Select(key => (key, PasswordKey: pkcs12.PasswordKey?.Replace("*", key[before.Length..^after.Length], StringComparison.Ordinal)))
            .Where(file => file.key != file.PasswordKey);

        static string Own(string key) => Path.GetFileNameWithoutExtension(key) + ".password";
    }

    private static SourcePart WithPassword(IReadOnlyDictionary<string, byte[]> data, string? passwordKey, char[]? shared, Func<char[], SourcePart> open)
    {
        if (shared is not null)
        {
            return open(shared);
        }

        var password = passwordKey is not null && data.TryGetValue(passwordKey, out var bytes) ? Decode(bytes) : [];
        try
        {
            return open(password);
        }
        finally
        {
            Array.Clear(password);
        }
    }

    private async Task<char[]?> SharedPasswordAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        if (PasswordSecretOf(source) is not { } reference)
        {
            return null;
        }

        var data = await catalog.ReadDataAsync(DataKind.Secret, Name(reference.Name), cancellationToken)
            ?? throw Missing(source, $"passwordSecretRef: there is no Secret {reference.Name}");
        try
        {
            return Decode(Key(source, reference.Name, data, reference.Key));
        }
        finally
        {
            Clear(data);
        }
    }

    private static SecretKeyReference? PasswordSecretOf(CertificateSourceSpec source) => source.Pkcs12?.PasswordSecretRef ?? source.Pem?.PasswordSecretRef;

    private static bool IsSelected(CertificateSourceSpec source) => source is { Pkcs12: null, Tls: null, Pem: null };

    // Editors and `echo` leave a line end behind; no password manager makes one on purpose. Pinned, so that no copy stays behind.
    private static char[] Decode(byte[] bytes)
    {
        var text = bytes.AsSpan().TrimEnd("\r\n"u8);
        var characters = GC.AllocateArray<char>(Encoding.UTF8.GetCharCount(text), pinned: true);
        Encoding.UTF8.GetChars(text, characters);
        return characters;
    }

    private static void Clear(IReadOnlyDictionary<string, byte[]> data)
    {
        foreach (var value in data.Values)
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    private static byte[] Key(CertificateSourceSpec source, string secret, IReadOnlyDictionary<string, byte[]> data, string key) =>
        data.GetValueOrDefault(key) ?? throw Missing(source, $"Secret {secret} has no key {key}");

    private static VerdictException Missing(CertificateSourceSpec source, string what) =>
        VerdictException.Waiting(Reasons.ReferenceNotFound, $"source {source.Name}: {what}");

    private ResourceName Name(string secret) => new(_namespace, secret);
}
