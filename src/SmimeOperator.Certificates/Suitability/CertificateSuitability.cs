namespace SmimeOperator.Certificates;

/// <summary>What an imported certificate is for.</summary>
public enum CertificatePurpose
{
    /// <summary>S/MIME encryption.</summary>
    Encryption,

    /// <summary>S/MIME signing.</summary>
    Signing,
}

/// <summary>What is wrong with a certificate for a purpose and user.</summary>
public enum SuitabilityFinding
{
    /// <summary>KeyUsage does not allow the purpose.</summary>
    KeyUsage,

    /// <summary>An extended key usage is there and does not hold emailProtection.</summary>
    ExtendedKeyUsage,

    /// <summary>Neither subject nor subject alternative name holds an address of the user.</summary>
    Identity,

    /// <summary>A signing certificate that has expired.</summary>
    Expired,

    /// <summary>Not yet valid.</summary>
    NotYetValid,

    /// <summary>A key type or size that the purpose cannot use.</summary>
    Key,
}

/// <summary>One finding in words a person can act on.</summary>
/// <param name="Finding">Which check failed.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record SuitabilityIssue(SuitabilityFinding Finding, string Message);

/// <summary>Says whether a certificate suits a purpose and a user, before it is uploaded: neither the service nor the phone would say so.</summary>
public static class CertificateSuitability
{
    /// <summary>Checks a certificate; no issue means it suits.</summary>
    /// <param name="facts">The certificate.</param>
    /// <param name="purpose">What it is to be used for.</param>
    /// <param name="addresses">The user's addresses: mail, proxy addresses without prefix, principal name.</param>
    /// <param name="now">The time to hold validity against.</param>
    public static IReadOnlyList<SuitabilityIssue> Check(
        CertificateFacts facts, CertificatePurpose purpose, IReadOnlyCollection<string> addresses, DateTimeOffset now) =>
        throw new NotSupportedException();
}
