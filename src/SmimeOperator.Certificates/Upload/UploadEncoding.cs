using System.Runtime.InteropServices;

namespace SmimeOperator.Certificates;

/// <summary>When a PFX is encoded anew before it is uploaded.</summary>
public enum Reencoding
{
    /// <summary>Where its encoding or password is not known to survive the way to the phone, or it is no file with one certificate and key.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never: what cannot go as it came is refused.</summary>
    Never,
}

/// <summary>What a PFX is encrypted with when it is encoded anew.</summary>
public enum UploadAlgorithm
{
    /// <summary>PBE-SHA1-3DES with a SHA-1 MAC: the one that every connector and phone is reported to open.</summary>
    TripleDesSha1,

    /// <summary>PBES2 with AES-256-CBC, PBKDF2 with HMAC-SHA-256 and a SHA-256 MAC: Windows Server 2019 and later open it.</summary>
    Aes256Sha256,
}

/// <summary>How uploads are encoded.</summary>
/// <param name="Reencoding">When they are encoded anew.</param>
/// <param name="Algorithm">With what.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UploadEncoding(Reencoding Reencoding, UploadAlgorithm Algorithm);
