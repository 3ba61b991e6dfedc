using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>The reasons under which a source or certificate is refused.</summary>
public static class RefusalReasons
{
    /// <summary>For a source that cannot be used.</summary>
    public static string Of(SourceFault fault) => fault switch
    {
        SourceFault.WrongPassword => Reasons.WrongPassword,
        SourceFault.NoPrivateKey => Reasons.PrivateKeyMissing,
        SourceFault.KeyMismatch => Reasons.KeyMismatch,
        SourceFault.Unsupported => Reasons.SourceUnsupported,
        SourceFault.LimitExceeded => Reasons.SourceLimitExceeded,
        SourceFault.NotTransferable => Reasons.EncodingRefused,
        _ => Reasons.SourceInvalid,
    };

    /// <summary>For a certificate that does not suit.</summary>
    public static string Of(SuitabilityFinding finding) => finding switch
    {
        SuitabilityFinding.Identity => Reasons.IdentityMismatch,
        SuitabilityFinding.Expired => Reasons.CertificateExpired,
        SuitabilityFinding.NotYetValid => Reasons.NotYetValid,
        SuitabilityFinding.WeakKey => Reasons.WeakKey,
        SuitabilityFinding.WeakSignature => Reasons.WeakSignature,
        _ => Reasons.PurposeMismatch,
    };
}
