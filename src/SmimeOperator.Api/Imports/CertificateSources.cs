using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>A certificate with its private key, or several of them.</summary>
[CelRule("[has(self.pkcs12), has(self.tls), has(self.pem)].filter(given, given).size() == 1", "a source is one of pkcs12, tls and pem")]
public sealed class CertificateSourceSpec
{
    /// <summary>Tells the sources of an import apart.</summary>
    [Mandatory, Length(63, Min = 1)]
    public string Name { get; set; } = "";

    /// <summary>A PKCS#12 file (.pfx, .p12), or several. Each certificate in it that has its private key with it is imported.</summary>
    public Pkcs12Source? Pkcs12 { get; set; }

    /// <summary>A Secret of type kubernetes.io/tls, as cert-manager writes it.</summary>
    public TlsSource? Tls { get; set; }

    /// <summary>Certificates and private keys in PEM, encrypted or not.</summary>
    public PemSource? Pem { get; set; }
}

/// <summary>PKCS#12 files in a Secret.</summary>
[CelRule("!has(self.passwordKey) || !has(self.passwordSecretRef)", "write either passwordKey (in the same Secret) or passwordSecretRef (in another)")]
public sealed class Pkcs12Source
{
    /// <summary>The Secret.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string SecretName { get; set; } = "";

    /// <summary>The key that holds the file. Default keystore.p12, as cert-manager writes it. With one *, such as *.pfx, every key that fits.</summary>
    [Length(253, Min = 1), Matches("^[-._a-zA-Z0-9]*[*]?[-._a-zA-Z0-9]*$", "*.pfx")]
    public string Key { get; set; } = "keystore.p12";

    /// <summary>The key that holds the password. Without it, or when the Secret has no such key, the password is empty. A * stands for what the * of key found: *.password.</summary>
    [Length(253, Min = 1), Matches("^[-._a-zA-Z0-9]*[*]?[-._a-zA-Z0-9]*$", "*.password")]
    public string? PasswordKey { get; set; }

    /// <summary>Another Secret that holds the password.</summary>
    public SecretKeyReference? PasswordSecretRef { get; set; }
}

/// <summary>A Secret of type kubernetes.io/tls.</summary>
public sealed class TlsSource
{
    /// <summary>The Secret.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string SecretName { get; set; } = "";
}

/// <summary>Certificates and private keys in PEM. Each private key is imported with the certificate that it belongs to.</summary>
[CelRule("!has(self.passwordKey) || !has(self.passwordSecretRef)", "write either passwordKey (in the same Secret) or passwordSecretRef (in another)")]
public sealed class PemSource
{
    /// <summary>The Secret.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string SecretName { get; set; } = "";

    /// <summary>The key that holds the certificates, and the private keys too unless privateKeyKey names another.</summary>
    [Mandatory, Length(253, Min = 1)]
    public string CertificateKey { get; set; } = "";

    /// <summary>The key that holds the private keys: PKCS#8, PKCS#1 or SEC1.</summary>
    [Length(253, Min = 1)]
    public string? PrivateKeyKey { get; set; }

    /// <summary>The key that holds the password of encrypted private keys.</summary>
    [Length(253, Min = 1)]
    public string? PasswordKey { get; set; }

    /// <summary>Another Secret that holds the password.</summary>
    public SecretKeyReference? PasswordSecretRef { get; set; }
}

/// <summary>How the PKCS#12 files are encoded that are uploaded.</summary>
public sealed class EncodingSpec
{
    /// <summary>Auto (the default): a file goes as it came only if connector and phone are known to open it, else it is encoded anew, with a random password. Always. Never: what cannot go as it came is refused.</summary>
    public ReencodePolicy Reencode { get; set; } = ReencodePolicy.Auto;

    /// <summary>What is used to encode anew. TripleDesSha1 (the default): every connector and phone is reported to open it. Aes256Sha256: needs connectors on Windows Server 2019 or later.</summary>
    public EncodingAlgorithm Algorithm { get; set; } = EncodingAlgorithm.TripleDesSha1;
}

/// <summary>When a PKCS#12 file is encoded anew before it is uploaded.</summary>
public enum ReencodePolicy
{
    /// <summary>Where it is not known to survive the way to the phone.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never: what cannot go as it came is refused.</summary>
    Never,
}

/// <summary>What a PKCS#12 file is encrypted with when it is encoded anew.</summary>
public enum EncodingAlgorithm
{
    /// <summary>PBE-SHA1-3DES with a SHA-1 MAC.</summary>
    TripleDesSha1,

    /// <summary>PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, and a SHA-256 MAC.</summary>
    Aes256Sha256,
}
