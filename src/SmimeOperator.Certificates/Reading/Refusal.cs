using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>The exceptions with which .NET refuses what it is given.</summary>
internal static class Refusal
{
    /// <summary>Whether a certificate or key was refused.</summary>
    /// <remarks>A curve that OpenSSL does not know is a PlatformNotSupportedException, which no documentation of the callers says.</remarks>
    public static bool Is(Exception e) => e is CryptographicException or PlatformNotSupportedException or AsnContentException;
}
