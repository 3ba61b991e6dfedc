using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>What the tenant holds.</summary>
public sealed class CertificateImportStatus : ResourceStatus
{
    /// <summary>The user's object id in the directory; imports are keyed by it. Not set for many users.</summary>
    public string? UserId { get; set; }

    /// <summary>The certificates, one line each. Not set for many users: counts, failures and keys say it there.</summary>
    [Items(512)]
    public List<ImportedCertificateStatus>? Certificates { get; set; }

    /// <summary>How many certificates are in which state.</summary>
    public ImportCounts? Counts { get; set; }

    /// <summary>The history in time, and what was noticed about it.</summary>
    public ImportHistory? History { get; set; }

    /// <summary>Many users: how many there are, and how they do.</summary>
    public ImportUserCounts? Users { get; set; }

    /// <summary>Many users: the first Secrets, by name, that could not be imported. Counts say how many there are in all.</summary>
    [Items(20)]
    public List<ImportFailure>? Failures { get; set; }

    /// <summary>The connector keys that the certificates were encrypted to.</summary>
    [Items(64)]
    public List<ImportedKeyStatus>? Keys { get; set; }
}

/// <summary>One certificate of the history.</summary>
public sealed class ImportedCertificateStatus
{
    /// <summary>SHA-1 thumbprint, lower case. Not set while the source cannot be read.</summary>
    public string? Thumbprint { get; set; }

    /// <summary>Serial number in hexadecimal.</summary>
    public string? Serial { get; set; }

    /// <summary>The subject's distinguished name.</summary>
    public string? Subject { get; set; }

    /// <summary>Start of validity.</summary>
    public DateTime? NotBefore { get; set; }

    /// <summary>End of validity.</summary>
    public DateTime? NotAfter { get; set; }

    /// <summary>What it was imported for.</summary>
    public ImportPurpose? Purpose { get; set; }

    /// <summary>Name of the source it came from.</summary>
    public string? Source { get; set; }

    /// <summary>Which version of the source was read: lets a restart skip opening it again.</summary>
    public string? SourceVersion { get; set; }

    /// <summary>Fingerprint of the connector key that its password was encrypted to; "unknown" where the answer to an upload was lost.</summary>
    public string? KeyFingerprint { get; set; }

    /// <summary>Imported, Pending, Missing (gone from the tenant and no source to repair it), SourceGone, Refused or Invalid.</summary>
    public CertificateState State { get; set; }

    /// <summary>Why, where the state asks for it.</summary>
    public string? Message { get; set; }
}

/// <summary>The state of a certificate.</summary>
public enum CertificateState
{
    /// <summary>Not yet in the tenant.</summary>
    Pending,

    /// <summary>In the tenant.</summary>
    Imported,

    /// <summary>In the tenant; its source is gone.</summary>
    SourceGone,

    /// <summary>Gone from the tenant, and no source is left to import it again.</summary>
    Missing,

    /// <summary>The certificate does not suit: wrong user or purpose.</summary>
    Refused,

    /// <summary>The source cannot be read.</summary>
    Invalid,
}

/// <summary>How many certificates are in which state.</summary>
public sealed class ImportCounts
{
    /// <summary>All that are wanted.</summary>
    public int Desired { get; set; }

    /// <summary>In the tenant.</summary>
    public int Imported { get; set; }

    /// <summary>Not yet in the tenant.</summary>
    public int Pending { get; set; }

    /// <summary>Refused, invalid or missing.</summary>
    public int Failed { get; set; }

    /// <summary>In the tenant, and no source holds them any more.</summary>
    public int SourceGone { get; set; }

    /// <summary>In the tenant, encrypted to another connector key than today's: devices may get them no more. Those with a source are made anew.</summary>
    public int OtherKey { get; set; }

    /// <summary>Sources whose certificate another source of the same user holds too.</summary>
    public int Duplicates { get; set; }
}

/// <summary>The history in time, and what was noticed about it.</summary>
public sealed class ImportHistory
{
    /// <summary>One user: the thumbprint of the certificate that is valid longest.</summary>
    public string? Newest { get; set; }

    /// <summary>One user: when that one ends.</summary>
    public DateTime? NewestNotAfter { get; set; }

    /// <summary>How often there was a time between two certificates without any.</summary>
    public int Gaps { get; set; }

    /// <summary>How often a certificate began before the one before it had ended: usual for renewals.</summary>
    public int Overlaps { get; set; }

    /// <summary>Certificates of the same users and purpose in the tenant that no source holds.</summary>
    public int Unsourced { get; set; }

    /// <summary>What was noticed, in words; the first of many.</summary>
    [Items(20)]
    public List<string>? Notes { get; set; }
}

/// <summary>Many users: how many there are, and how they do.</summary>
public sealed class ImportUserCounts
{
    /// <summary>All that the Secrets name.</summary>
    public int Total { get; set; }

    /// <summary>With everything in the tenant that their Secrets hold.</summary>
    public int Complete { get; set; }

    /// <summary>Not in the directory, deleted, or not to be told from somebody else.</summary>
    public int NotFound { get; set; }

    /// <summary>Whose account is disabled; imported all the same.</summary>
    public int Disabled { get; set; }

    /// <summary>Guests; imported all the same.</summary>
    public int Guests { get; set; }

    /// <summary>Whose newest certificate ends within thirty days, or has ended.</summary>
    public int Expiring { get; set; }
}

/// <summary>A Secret that could not be imported.</summary>
public sealed class ImportFailure
{
    /// <summary>The Secret.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The user whom it names.</summary>
    public string? User { get; set; }

    /// <summary>One of the reasons of conditions.</summary>
    public string Reason { get; set; } = "";

    /// <summary>What is wrong and what to do.</summary>
    public string Message { get; set; } = "";
}

/// <summary>A connector key that certificates were encrypted to.</summary>
public sealed class ImportedKeyStatus
{
    /// <summary>Fingerprint of the key.</summary>
    public string KeyFingerprint { get; set; } = "";

    /// <summary>How many certificates were encrypted to it.</summary>
    public int Certificates { get; set; }

    /// <summary>Many users: hash of provider, key name, padding and purpose that they were imported with; the baseline that tells a change in git from drift.</summary>
    public string? AppliedHash { get; set; }

    /// <summary>Many users: which certificates these are, six bytes of a hash of user and thumbprint each, sorted, in base64.</summary>
    public string? Entries { get; set; }
}
