using SmimeOperator.Api;

namespace Smimectl;

/// <summary>Whether the Secrets and ConfigMaps that resources name are there, with the keys that are named.</summary>
internal static class DataCheck
{
    private const string TlsCertificate = "tls.crt";
    private const string TlsKey = "tls.key";

    public static void Run(Checks checks)
    {
        foreach (var set in checks.Sets)
        {
            foreach (var (manifest, tenant) in Checks.Of<Tenant>(set))
            {
                Of(checks, set, manifest, tenant);
            }

            foreach (var (manifest, policy) in Checks.Of<SmimePolicy>(set))
            {
                foreach (var (certificate, index) in (policy.Spec.TrustedCertificates ?? []).Select((c, i) => (c, i)))
                {
                    Value(checks, set, manifest, $"spec.trustedCertificates[{index}].certificateRef", certificate.CertificateRef);
                }
            }

            foreach (var (manifest, import) in Checks.Of<CertificateImport>(set))
            {
                foreach (var (source, index) in (import.Spec.Sources ?? []).Select((s, i) => (s, i)))
                {
                    Of(checks, set, manifest, source, $"spec.sources[{index}]");
                }

                Selected(checks, set, manifest, import);
            }
        }
    }

    private static void Of(Checks checks, ManifestSet set, CustomManifest manifest, Tenant tenant)
    {
        if (tenant.Spec.Credentials.ClientSecretRef is { } secret)
        {
            const string Field = "spec.credentials.clientSecretRef";
            var found = new DataLookup(checks, set, manifest, DataKind.Secret, secret.Name, $"{Field}.name");
            found.Need(secret.Key, $"{Field}.key");
            found.WarnOfClearText(secret.Key, "the client secret");
        }

        if (tenant.Spec.Credentials.ClientCertificateRef is { } certificate)
        {
            const string Field = "spec.credentials.clientCertificateRef.name";
            Tls(new DataLookup(checks, set, manifest, DataKind.Secret, certificate.Name, Field), Field);
        }

        if (tenant.Spec.ConnectorKey is { } connector)
        {
            Value(checks, set, manifest, "spec.connectorKey.publicKeyRef", connector.PublicKeyRef);
        }
    }

    private static void Of(Checks checks, ManifestSet set, CustomManifest manifest, CertificateSourceSpec source, string field)
    {
        if (source.Pkcs12 is { } pkcs12)
        {
            var found = new DataLookup(checks, set, manifest, DataKind.Secret, pkcs12.SecretName, $"{field}.pkcs12.secretName");
            found.Need(pkcs12.Key, $"{field}.pkcs12.key");
            Password(checks, set, manifest, found, pkcs12.PasswordKey, pkcs12.PasswordSecretRef, $"{field}.pkcs12");
        }

        if (source.Tls is { } tls)
        {
            Tls(new DataLookup(checks, set, manifest, DataKind.Secret, tls.SecretName, $"{field}.tls.secretName"), $"{field}.tls.secretName");
        }

        if (source.Pem is { } pem)
        {
            var found = new DataLookup(checks, set, manifest, DataKind.Secret, pem.SecretName, $"{field}.pem.secretName");
            found.Need(pem.CertificateKey, $"{field}.pem.certificateKey");
            if (pem.PrivateKeyKey is { } key)
            {
                found.Need(key, $"{field}.pem.privateKeyKey");
            }

            Password(checks, set, manifest, found, pem.PasswordKey, pem.PasswordSecretRef, $"{field}.pem");
        }
    }

    private static void Password(
        Checks checks, ManifestSet set, CustomManifest manifest, DataLookup beside, string? key, SecretKeyReference? elsewhere, string field)
    {
        if (key is not null)
        {
            // The operator takes the password for empty where there is none: allowed, and hardly ever meant.
            beside.Need(key, $"{field}.passwordKey", Severity.Warning, ", so the password is taken for empty");
            beside.WarnOfClearText(key, "the password");
        }

        if (elsewhere is not null)
        {
            var found = new DataLookup(checks, set, manifest, DataKind.Secret, elsewhere.Name, $"{field}.passwordSecretRef.name");
            found.Need(elsewhere.Key, $"{field}.passwordSecretRef.key");
            found.WarnOfClearText(elsewhere.Key, "the password");
        }
    }

    private static void Value(Checks checks, ManifestSet set, CustomManifest manifest, string field, DataReference reference) =>
        new DataLookup(checks, set, manifest, reference.Kind ?? DataKind.ConfigMap, reference.Name, $"{field}.name").Need(reference.Key, $"{field}.key");

    private static void Tls(DataLookup found, string field)
    {
        found.Need(TlsCertificate, field);
        found.Need(TlsKey, field);
    }

    // Secrets that a selector finds: those of the folder may be all, some or none of those in the cluster.
    private static void Selected(Checks checks, ManifestSet set, CustomManifest manifest, CertificateImport import)
    {
        var bulk = import.Spec.Users?.FromSecrets;
        if ((bulk?.Selector ?? import.Spec.SourceSelector) is not { } selector)
        {
            return;
        }

        var field = bulk is null ? "spec.sourceSelector" : "spec.users.fromSecrets.selector";
        var secrets = set.Contents.Resources.Values.OfType<DataManifest>()
            .Where(d => d.DataKind == DataKind.Secret && d.Key.Namespace == manifest.Key.Namespace && selector.Matches(d.Object.Labels)).ToList();
        if (secrets.Count == 0)
        {
            checks.Report(Severity.Note, FindingRule.Reference, set, manifest, field, "selects no Secret that is stated here; it must find some in the cluster");
        }

        foreach (var secret in secrets)
        {
            if (bulk is not null && !secret.Object.Annotations.ContainsKey(bulk.UserAnnotation))
            {
                checks.Report(Severity.Warning, FindingRule.Reference, set, secret, "metadata.annotations",
                    $"lack {bulk.UserAnnotation}, which names the user to {manifest.Key}; write it");
            }

            if (secret is { IsEncrypted: false } && !secret.Keys.ContainsKey(TlsCertificate) && !secret.Keys.Keys.Any(k => Path.GetExtension(k) is ".p12" or ".pfx"))
            {
                checks.Report(Severity.Error, FindingRule.Reference, set, secret, "data",
                    $"has neither {TlsCertificate} nor a key that ends in .p12 or .pfx, and {manifest.Key} selects it; correct its labels or its keys");
            }
        }
    }
}
