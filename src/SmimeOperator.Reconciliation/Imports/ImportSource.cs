using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>One source of an import, as far as it was looked at.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Version">Which version of its Secrets this is; null while the Secret is not there.</param>
/// <param name="Certificate">What it holds; null where it cannot be used.</param>
/// <param name="State">Pending where it can be used, otherwise why not.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where it cannot be used.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record ImportSource(
    string Name, string? Version, SourceCertificate? Certificate, CertificateState State = CertificateState.Pending, string? Reason = null, string? Message = null);

/// <summary>What status says of a certificate.</summary>
internal sealed record SourceCertificate(string Thumbprint, string? Serial, string? Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static SourceCertificate Of(CertificateFacts facts) =>
        new(facts.Thumbprint, facts.SerialNumber, facts.Subject, facts.NotBefore, facts.NotAfter);

    /// <summary>From a line of status; null where the line has no certificate.</summary>
    public static SourceCertificate? Of(ImportedCertificateStatus line) => line is { Thumbprint: { } thumbprint, NotBefore: { } from, NotAfter: { } to }
        ? new SourceCertificate(thumbprint, line.Serial, line.Subject, Utc(from), Utc(to))
        : null;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time.ToUniversalTime(), DateTimeKind.Utc));
}
