using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates;

/// <summary>What a certificate says of itself. No key material.</summary>
/// <param name="Thumbprint">SHA-1 of the DER, 40 hexadecimal digits, lower case.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="Subject">Distinguished name.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="EmailAddresses">Every rfc822Name of the subject alternative name, and every emailAddress of the subject.</param>
/// <param name="UserPrincipalNames">Every UPN (otherName 1.3.6.1.4.1.311.20.2.3) of the subject alternative name.</param>
/// <param name="KeyUsage">The key usage, or null where the certificate has no such extension.</param>
/// <param name="ExtendedKeyUsages">Object identifiers, or null where the certificate has no such extension.</param>
/// <param name="KeyAlgorithm">RSA, ECDSA, or the object identifier of anything else.</param>
/// <param name="KeySize">Bits; zero for a key that is neither RSA nor on a known curve.</param>
/// <param name="SignatureAlgorithm">Object identifier of the algorithm with which the issuer signed.</param>
public sealed record CertificateFacts(
    string Thumbprint,
    string SerialNumber,
    string Subject,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IReadOnlyList<string> EmailAddresses,
    IReadOnlyList<string> UserPrincipalNames,
    X509KeyUsageFlags? KeyUsage,
    IReadOnlyList<string>? ExtendedKeyUsages,
    string KeyAlgorithm,
    int KeySize,
    string SignatureAlgorithm);
