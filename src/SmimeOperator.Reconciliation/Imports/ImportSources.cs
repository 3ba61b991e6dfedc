using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The sources of one import during one reconciliation: looked at, judged, and opened for upload. A source whose version status knows
/// already is not opened again. Holds key material of what it opened until it is disposed, at the end of the reconciliation.
/// </summary>
internal sealed class ImportSources(CertificateImport import, SourceSecrets secrets, DirectoryUser user, TimeProvider time) : IImportMaterial, IDisposable
{
    private readonly Dictionary<string, (CertificateSourceSpec Source, KeyedCertificate? Opened)> _byThumbprint = [];

    /// <summary>The key that passwords are encrypted to; needed for uploads.</summary>
    public (ConnectorKeySpec Spec, ConnectorKey Key)? ConnectorKey { get; set; }

    /// <summary>Looks at every source; a fault of one stops none of the others.</summary>
    public async Task<IReadOnlyList<ImportSource>> ExamineAsync(CancellationToken cancellationToken)
    {
        var sources = new List<ImportSource>();
        foreach (var source in secrets.List())
        {
            sources.Add(await ExamineAsync(source, cancellationToken));
        }

        return sources;
    }

    public async Task<ImportUpload> ComposeAsync(string thumbprint, CancellationToken cancellationToken)
    {
        var (source, opened) = _byThumbprint[thumbprint];
        var certificate = opened ?? await OpenAgainAsync(source, cancellationToken);
        _byThumbprint[thumbprint] = (source, certificate);
        if (certificate.Facts.Thumbprint != thumbprint)
        {
            throw Changed(source);
        }

        var (spec, key) = ConnectorKey!.Value;
        var package = UploadPackage.Create(certificate, key, ConnectorKeys.HashOf(spec.PaddingScheme));
        var body = new UserPfxCertificate
        {
            Thumbprint = thumbprint,
            IntendedPurpose = PurposeOf(import.Spec.Purpose),
            UserPrincipalName = user.UserPrincipalName,
            StartDateTime = certificate.Facts.NotBefore,
            ExpirationDateTime = certificate.Facts.NotAfter,
            ProviderName = spec.ProviderName,
            KeyName = spec.KeyName,
            PaddingScheme = ConnectorKeys.NameOf(spec.PaddingScheme),
            EncryptedPfxBlob = package.Pfx,
            EncryptedPfxPassword = package.EncryptedPassword,
            CreatedDateTime = time.GetUtcNow(),
        };
        return new ImportUpload(package, body, user.Id);
    }

    public void Dispose()
    {
        foreach (var (_, opened) in _byThumbprint.Values)
        {
            opened?.Dispose();
        }
    }

    /// <summary>The Graph name of a purpose.</summary>
    public static string PurposeOf(ImportPurpose? purpose) => purpose == ImportPurpose.SmimeSigning ? "smimeSigning" : "smimeEncryption";

    // A source that was good in this version was changed, and the watch has not told yet: the next run looks at it anew.
    private async Task<KeyedCertificate> OpenAgainAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        try
        {
            return await secrets.OpenAsync(source, cancellationToken);
        }
        catch (CertificateSourceException)
        {
            throw Changed(source);
        }
    }

    private static VerdictException Changed(CertificateSourceSpec source) =>
        VerdictException.Waiting(Reasons.Progressing, $"source {source.Name} changed while it was read");

    private async Task<ImportSource> ExamineAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        var version = secrets.VersionOf(source);
        if (version is null)
        {
            return new ImportSource(source.Name, null, null, CertificateState.Invalid, Reasons.ReferenceNotFound,
                $"source {source.Name}: there is no Secret {SourceSecrets.SecretOf(source)}");
        }

        if (Known(source.Name, version) is { } known)
        {
            Remember(known.Thumbprint, source, null);
            return new ImportSource(source.Name, version, known);
        }

        KeyedCertificate opened;
        try
        {
            opened = await secrets.OpenAsync(source, cancellationToken);
        }
        catch (CertificateSourceException problem)
        {
            return new ImportSource(source.Name, version, null, CertificateState.Invalid, Reasons.SourceInvalid, $"source {source.Name}: {problem.Message}");
        }
        catch (VerdictException missing)
        {
            return new ImportSource(source.Name, version, null, CertificateState.Invalid, missing.Verdict.Reason, missing.Verdict.Message);
        }

        Remember(opened.Facts.Thumbprint, source, opened);
        return Judge(source.Name, version, opened.Facts);
    }

    private ImportSource Judge(string name, string version, CertificateFacts facts)
    {
        var certificate = SourceCertificate.Of(facts);
        var purpose = import.Spec.Purpose == ImportPurpose.SmimeSigning ? CertificatePurpose.Signing : CertificatePurpose.Encryption;
        var issues = CertificateSuitability.Check(facts, purpose, Addresses(), time.GetUtcNow())
            .Where(i => i.Finding != SuitabilityFinding.Identity || import.Spec.IdentityCheck != IdentityCheck.Off)
            .ToList();
        var refusal = issues.FirstOrDefault(i => i.Finding != SuitabilityFinding.Identity || import.Spec.IdentityCheck == IdentityCheck.Enforce);
        if (refusal is null)
        {
            return new ImportSource(name, version, certificate, Message: issues.Count == 0 ? null : "warning: " + issues[0].Message);
        }

        var reason = refusal.Finding == SuitabilityFinding.Identity ? Reasons.IdentityMismatch : Reasons.PurposeMismatch;
        return new ImportSource(name, version, certificate, CertificateState.Refused, reason, $"source {name}: {refusal.Message}");
    }

    // Imported from this very version under this very spec: nothing to learn from opening it again.
    private SourceCertificate? Known(string name, string version) =>
        import.Status is { } status && status.ObservedGeneration == import.Metadata.Generation
            && (status.Certificates ?? []).FirstOrDefault(c => c.Source == name && c.SourceVersion == version && c.State == CertificateState.Imported) is { } line
            ? SourceCertificate.Of(line)
            : null;

    private void Remember(string thumbprint, CertificateSourceSpec source, KeyedCertificate? opened)
    {
        if (_byThumbprint.TryGetValue(thumbprint, out var before) && before.Opened is not null)
        {
            opened?.Dispose();
            return;
        }

        _byThumbprint[thumbprint] = (source, opened);
    }

    private List<string> Addresses()
    {
        const string Smtp = "smtp:";
        List<string> addresses = [user.UserPrincipalName];
        if (user.Mail is { Length: > 0 } mail)
        {
            addresses.Add(mail);
        }

        addresses.AddRange(user.ProxyAddresses
            .Where(a => a.StartsWith(Smtp, StringComparison.OrdinalIgnoreCase))
            .Select(a => a[Smtp.Length..]));
        return addresses;
    }
}
