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
        return source.Pkcs12?.PasswordSecretRef is { } password && version is not null
            ? $"{version}+{catalog.FindData(DataKind.Secret, Name(password.Name))?.Version}"
            : version;
    }

    /// <summary>The name of the source's Secret.</summary>
    public static string SecretOf(CertificateSourceSpec source) => source.Pkcs12?.SecretName ?? source.Tls?.SecretName ?? source.Name;

    /// <summary>Opens a source.</summary>
    /// <exception cref="CertificateSourceException">What it holds cannot be used.</exception>
    /// <exception cref="VerdictException">A Secret or key is missing.</exception>
    public async Task<KeyedCertificate> OpenAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        var secret = SecretOf(source);
        var data = await catalog.ReadDataAsync(DataKind.Secret, Name(secret), cancellationToken) ?? throw Missing(source, $"there is no Secret {secret}");
        try
        {
            if (source.Tls is not null || (source.Pkcs12 is null && data.ContainsKey(TlsCertificate)))
            {
                return CertificateReader.ReadTls(Key(source, secret, data, TlsCertificate), Key(source, secret, data, TlsKey));
            }

            var pkcs12 = source.Pkcs12 ?? new Pkcs12Source { SecretName = secret, PasswordKey = DefaultPasswordKey };
            var file = Key(source, secret, data, pkcs12.Key);
            var password = await PasswordAsync(source, pkcs12, data, cancellationToken);
            try
            {
                return CertificateReader.ReadPkcs12(file, password);
            }
            finally
            {
                Array.Clear(password);
            }
        }
        finally
        {
            foreach (var value in data.Values)
            {
                CryptographicOperations.ZeroMemory(value);
            }
        }
    }

    private async Task<char[]> PasswordAsync(
        CertificateSourceSpec source, Pkcs12Source pkcs12, IReadOnlyDictionary<string, byte[]> data, CancellationToken cancellationToken)
    {
        if (pkcs12.PasswordSecretRef is not { } reference)
        {
            return pkcs12.PasswordKey is { } key && data.TryGetValue(key, out var inSecret) ? Decode(inSecret) : [];
        }

        var other = await catalog.ReadDataAsync(DataKind.Secret, Name(reference.Name), cancellationToken)
            ?? throw Missing(source, $"passwordSecretRef: there is no Secret {reference.Name}");
        var bytes = Key(source, reference.Name, other, reference.Key);
        try
        {
            return Decode(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // Editors and `echo` leave a line end behind; no password manager makes one on purpose.
    private static char[] Decode(byte[] bytes)
    {
        var length = bytes.Length;
        while (length > 0 && bytes[length - 1] is (byte)'\n' or (byte)'\r')
        {
            length--;
        }

        return Encoding.UTF8.GetChars(bytes, 0, length);
    }

    private static byte[] Key(CertificateSourceSpec source, string secret, IReadOnlyDictionary<string, byte[]> data, string key) =>
        data.GetValueOrDefault(key) ?? throw Missing(source, $"Secret {secret} has no key {key}");

    private static VerdictException Missing(CertificateSourceSpec source, string what) =>
        VerdictException.Waiting(Reasons.ReferenceNotFound, $"source {source.Name}: {what}");

    private ResourceName Name(string secret) => new(_namespace, secret);
}
