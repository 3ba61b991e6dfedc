using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>The lines of a history in status, and what they say of connector keys.</summary>
internal static class ImportLines
{
    /// <summary>The fingerprint of the key where an upload was made and nobody knows whether it arrived: it is one of two.</summary>
    public const string UnknownKey = "unknown";

    /// <summary>Whether another upload would leave in doubt which key a record is encrypted to.</summary>
    public static bool IsRotated(string? recorded, string today) => recorded is not null and not UnknownKey && recorded != today;

    /// <summary>A copy of a line.</summary>
    public static ImportedCertificateStatus Copy(ImportedCertificateStatus line) => new()
    {
        Thumbprint = line.Thumbprint,
        Serial = line.Serial,
        Subject = line.Subject,
        NotBefore = line.NotBefore,
        NotAfter = line.NotAfter,
        Purpose = line.Purpose,
        Source = line.Source,
        SourceVersion = line.SourceVersion,
        KeyFingerprint = line.KeyFingerprint,
        State = line.State,
        Message = line.Message,
    };

    /// <summary>The line of a certificate that no source holds any more.</summary>
    public static ImportedCertificateStatus Past(ImportedCertificateStatus before, bool present, string today)
    {
        var line = Copy(before);
        line.SourceVersion = null;
        line.State = present ? CertificateState.SourceGone : CertificateState.Missing;
        line.Message = (present, before.KeyFingerprint) switch
        {
            (false, _) => "gone from the tenant, and no source is left to import it again",
            (true, { } key) when key != today => "encrypted to another connector key than today's, and no source is left to encrypt it anew",
            _ => null,
        };
        return line;
    }
}
