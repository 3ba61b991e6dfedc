using SmimeOperator.Api;
using SmimeOperator.Certificates;
using SmimeOperator.Intune;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The sources of one import during one reconciliation: looked at, judged, and opened for upload. A source whose version status knows
/// already is not opened again. Holds key material of what it opened until it is disposed, at the end of the reconciliation.
/// </summary>
internal sealed class ImportSources(CertificateImport import, SourceSecrets secrets, TrustAnchors anchors, DirectoryUser user, TimeProvider time)
    : IImportMaterial, IDisposable
{
    private readonly Dictionary<string, (CertificateSourceSpec Source, KeyedCertificate? Opened)> _byThumbprint = [];
    private readonly List<KeyedCertificates> _opened = [];

    /// <summary>The key that passwords are encrypted to; needed for uploads.</summary>
    public (ConnectorKeySpec Spec, ConnectorKey Key)? ConnectorKey { get; set; }

    /// <summary>Looks at every source; a fault of one stops none of the others.</summary>
    public async Task<IReadOnlyList<ImportSource>> ExamineAsync(CancellationToken cancellationToken)
    {
        var sources = new List<ImportSource>();
        foreach (var source in secrets.List())
        {
            sources.AddRange(await ExamineAsync(source, cancellationToken));
        }

        return sources;
    }

    public async Task<ImportUpload> ComposeAsync(string thumbprint, bool withKey, CancellationToken cancellationToken)
    {
        var (source, opened) = _byThumbprint[thumbprint];
        var certificate = opened ?? await OpenAgainAsync(source, thumbprint, cancellationToken);
        var (spec, key) = ConnectorKey!.Value;
        var package = withKey ? Package(source, certificate, key, ConnectorKeys.HashOf(spec.PaddingScheme)) : null;
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
            EncryptedPfxBlob = package?.Pfx ?? [],
            EncryptedPfxPassword = package?.EncryptedPassword ?? [],
            CreatedDateTime = time.GetUtcNow(),
        };
        return new ImportUpload(package, body, user.Id);
    }

    public void Dispose()
    {
        foreach (var opened in _opened)
        {
            opened.Dispose();
        }
    }

    /// <summary>The Graph name of a purpose.</summary>
    public static string PurposeOf(ImportPurpose? purpose) => purpose == ImportPurpose.SmimeSigning ? "smimeSigning" : "smimeEncryption";

    // A source that was good in this version was changed, and the watch has not told yet: the next run looks at it anew.
    private async Task<KeyedCertificate> OpenAgainAsync(CertificateSourceSpec source, string thumbprint, CancellationToken cancellationToken)
    {
        foreach (var certificate in (await OpenAsync(source, cancellationToken)).SelectMany(part => part.Certificates ?? Enumerable.Empty<KeyedCertificate>()))
        {
            // The rest of a history is likely to be asked for next.
            Remember(source, certificate.Facts.Thumbprint, certificate);
        }

        return _byThumbprint[thumbprint].Opened
            ?? throw VerdictException.Waiting(Reasons.Progressing, $"source {source.Name} changed while it was read");
    }

    // What was imported once cannot always be imported again: today's connector key may carry less than that of then.
    private UploadPackage Package(CertificateSourceSpec source, KeyedCertificate certificate, ConnectorKey key, OaepHash hash)
    {
        try
        {
            return UploadPackage.Create(certificate, key, hash, Encoding());
        }
        catch (CertificateSourceException problem)
        {
            throw VerdictException.Stalled(Reasons.EncodingRefused, $"source {source.Name}: {problem.Message}");
        }
    }

    private async Task<IReadOnlyList<SourcePart>> OpenAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        var parts = await secrets.OpenAsync(source, cancellationToken);
        _opened.AddRange(parts.Where(part => part.Certificates is not null).Select(part => part.Certificates!));
        return parts;
    }

    private async Task<IReadOnlyList<ImportSource>> ExamineAsync(CertificateSourceSpec source, CancellationToken cancellationToken)
    {
        var version = secrets.VersionOf(source);
        if (version is null)
        {
            return [new ImportSource(source.Name, null, null, CertificateState.Invalid, Reasons.ReferenceNotFound,
                $"source {source.Name}: there is no Secret {SourceSecrets.SecretOf(source)}")];
        }

        if (Known(source.Name, version) is { Count: > 0 } known)
        {
            known.ForEach(line => Remember(source, line.Certificate!.Thumbprint, null));
            return known;
        }

        IReadOnlyList<SourcePart> parts;
        try
        {
            parts = await OpenAsync(source, cancellationToken);
        }
        catch (VerdictException missing)
        {
            return [new ImportSource(source.Name, version, null, CertificateState.Invalid, missing.Verdict.Reason, missing.Verdict.Message)];
        }

        var roots = await anchors.ReadAsync(cancellationToken);
        var lines = parts.Sum(part => part.Certificates?.Count ?? 1);
        var stamp = lines == 1 ? version : $"{version}/{lines}";
        return [.. parts.SelectMany(part => part.Certificates is null
            ? [new ImportSource(part.Name, stamp, null, CertificateState.Invalid, part.Reason, part.Message)]
            : part.Certificates.Select(certificate => Judge(source, part.Name, stamp, certificate, roots)))];
    }

    private ImportSource Judge(CertificateSourceSpec source, string name, string version, KeyedCertificate opened, IReadOnlyList<TrustedCertificate> roots)
    {
        Remember(source, opened.Facts.Thumbprint, opened);
        var certificate = SourceCertificate.Of(opened.Facts);
        var purpose = import.Spec.Purpose == ImportPurpose.SmimeSigning ? CertificatePurpose.Signing : CertificatePurpose.Encryption;
        var issues = CertificateSuitability.Check(opened.Facts, purpose, Addresses(), time.GetUtcNow())
            .Where(i => i.Finding != SuitabilityFinding.Identity || import.Spec.IdentityCheck != IdentityCheck.Off)
            .Select(i => i.Finding == SuitabilityFinding.Identity ? i with { IsWarning = import.Spec.IdentityCheck == IdentityCheck.Warn } : i)
            .ToList();
        if (issues.Find(i => !i.IsWarning) is { } refusal)
        {
            return new ImportSource(name, version, certificate, CertificateState.Refused, RefusalReasons.Of(refusal.Finding), $"source {name}: {refusal.Message}");
        }

        var (spec, key) = ConnectorKey!.Value;
        if (UploadPackage.FindObstacle(opened, key, ConnectorKeys.HashOf(spec.PaddingScheme), Encoding()) is { } obstacle)
        {
            return new ImportSource(name, version, certificate, CertificateState.Refused, Reasons.EncodingRefused, $"source {name}: {obstacle}");
        }

        if (ChainCheck.Check(opened, roots) is { } chain)
        {
            issues.Add(chain);
        }

        return new ImportSource(name, version, certificate, Message: issues.Count == 0 ? null : "warning: " + string.Join(' ', issues.Select(i => i.Message)));
    }

    private UploadEncoding Encoding() => new(
        import.Spec.Encoding.Reencode switch
        {
            ReencodePolicy.Always => Reencoding.Always,
            ReencodePolicy.Never => Reencoding.Never,
            _ => Reencoding.Auto,
        },
        import.Spec.Encoding.Algorithm == EncodingAlgorithm.Aes256Sha256 ? UploadAlgorithm.Aes256Sha256 : UploadAlgorithm.TripleDesSha1);

    // Imported whole from this very version under this very spec: nothing to learn from opening it again. The version of a source with
    // several certificates says how many they are, for a line of status may be missing where another source holds the same certificate.
    private List<ImportSource> Known(string name, string version)
    {
        if (import.Status is not { Certificates: { } lines } status || status.ObservedGeneration != import.Metadata.Generation)
        {
            return [];
        }

        var known = lines
            .Where(l => l.State == CertificateState.Imported && (l.Source == name || l.Source?.StartsWith(name + "/", StringComparison.Ordinal) == true))
            .Where(l => l.SourceVersion == version || l.SourceVersion?.StartsWith(version + "/", StringComparison.Ordinal) == true)
            .Select(l => new ImportSource(l.Source!, l.SourceVersion, SourceCertificate.Of(l), Message: l.Message))
            .Where(s => s.Certificate is not null)
            .ToList();
        return known.TrueForAll(s => s.Version == (known.Count == 1 ? version : $"{version}/{known.Count}")) ? known : [];
    }

    private void Remember(CertificateSourceSpec source, string thumbprint, KeyedCertificate? opened)
    {
        if (!_byThumbprint.TryGetValue(thumbprint, out var before) || before.Opened is null)
        {
            _byThumbprint[thumbprint] = (source, opened);
        }
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
